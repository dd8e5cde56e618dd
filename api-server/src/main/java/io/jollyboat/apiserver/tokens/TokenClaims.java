package io.jollyboat.apiserver.tokens;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a service-account token says.
 *
 * @param pod the token is bound to it; null when it is not
 * @param secret as pod
 * @param node bound to it when there is no pod, else where the pod runs; null when unknown
 * @param issuedAt null where a token of others does not say; so the next two
 * @param warnAfter from when on its use is reported as late; null when not
 */
public record TokenClaims(
        String issuer,
        String subject,
        String id,
        List<String> audiences,
        String namespace,
        Ref serviceAccount,
        Ref pod,
        Ref secret,
        Ref node,
        Instant issuedAt,
        Instant notBefore,
        Instant expiry,
        Instant warnAfter) {
    private static final String PRIVATE = "kubernetes.io";

    /** An object by name; the uid tells it from a later one of the same name. */
    public record Ref(String name, String uid) {}

    JWTClaimsSet toJwt() {
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", namespace);
        put(kubernetes, "node", node);
        put(kubernetes, "pod", pod);
        put(kubernetes, "secret", secret);
        put(kubernetes, "serviceaccount", serviceAccount);
        if (warnAfter != null) {
            kubernetes.put("warnafter", warnAfter.getEpochSecond());
        }
        return new JWTClaimsSet.Builder()
                .audience(audiences)
                .expirationTime(Date.from(expiry))
                .issueTime(Date.from(issuedAt))
                .issuer(issuer)
                .jwtID(id)
                .claim(PRIVATE, kubernetes)
                .notBeforeTime(Date.from(notBefore))
                .subject(subject)
                .build();
    }

    /**
     * @param payload of a token whose signature holds
     * @throws ParseException when a claim is of a wrong type
     */
    public static TokenClaims parse(String payload) throws ParseException {
        ClaimSet claims = ClaimSet.parse(payload);
        String issuer = claims.text("iss");
        List<String> audiences = claims.audience();
        String id = claims.text("jti");
        String subject = claims.text("sub");
        ClaimSet kubernetes = claims.object(PRIVATE, "kubernetes");
        Ref account = kubernetes.reference("serviceaccount");
        return new TokenClaims(
                issuer,
                subject,
                id,
                audiences,
                kubernetes.text("namespace"),
                account == null ? new Ref("", "") : account,
                kubernetes.reference("pod"),
                kubernetes.reference("secret"),
                kubernetes.reference("node"),
                claims.time("iat"),
                claims.time("nbf"),
                claims.time("exp"),
                kubernetes.time("warnafter"));
    }

    private static void put(Map<String, Object> claims, String name, Ref ref) {
        if (ref == null) {
            return;
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", ref.name());
        if (!ref.uid().isEmpty()) {
            value.put("uid", ref.uid());
        }
        claims.put(name, value);
    }
}
