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
 * @param warnAfter from when on its use is reported as late; null when not
 */
public record TokenClaims(
        String issuer,
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

    JWTClaimsSet toJwt(String subject) {
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

    /** @throws ParseException when a claim is missing or of the wrong type */
    public static TokenClaims fromJwt(JWTClaimsSet jwt) throws ParseException {
        Map<String, Object> kubernetes = jwt.getJSONObjectClaim(PRIVATE);
        if (kubernetes == null || jwt.getExpirationTime() == null) {
            throw new ParseException("not a service account token", 0);
        }
        Ref serviceAccount = ref(kubernetes, "serviceaccount");
        if (serviceAccount == null || !(kubernetes.get("namespace") instanceof String namespace)) {
            throw new ParseException("no service account in the token", 0);
        }
        return new TokenClaims(
                jwt.getIssuer(),
                jwt.getJWTID() == null ? "" : jwt.getJWTID(),
                List.copyOf(jwt.getAudience()),
                namespace,
                serviceAccount,
                ref(kubernetes, "pod"),
                ref(kubernetes, "secret"),
                ref(kubernetes, "node"),
                instant(jwt.getIssueTime()),
                instant(jwt.getNotBeforeTime()),
                jwt.getExpirationTime().toInstant(),
                kubernetes.get("warnafter") instanceof Number seconds
                        ? Instant.ofEpochSecond(seconds.longValue())
                        : null);
    }

    private static Instant instant(Date date) {
        return date == null ? Instant.EPOCH : date.toInstant();
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

    private static Ref ref(Map<String, Object> claims, String name) throws ParseException {
        Object value = claims.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> map
                && map.get("name") instanceof String refName
                && (map.get("uid") == null || map.get("uid") instanceof String)) {
            return new Ref(refName, map.get("uid") == null ? "" : (String) map.get("uid"));
        }
        throw new ParseException("malformed " + name + " in the token", 0);
    }
}
