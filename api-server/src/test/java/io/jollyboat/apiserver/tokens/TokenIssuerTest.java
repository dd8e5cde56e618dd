package io.jollyboat.apiserver.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.ClockRuntime;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.errors.ApiException;
import io.jollyboat.tls.CertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenIssuerTest {
    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.5Z");

    private final FakeObjects objects = new FakeObjects();
    private final KeyPair pair = CertificateAuthority.newKeyPair();
    private final TokenKeys keys = new TokenKeys(pair.getPrivate(), List.of(pair.getPublic()));
    private final TokenIssuer issuer = issuer(0);
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void fill() {
        objects.put(ServiceAccount.newBuilder()
                .setMetadata(meta("ns", "robot", "sa-uid"))
                .build());
        objects.put(Pod.newBuilder()
                .setMetadata(meta("ns", "p", "pod-uid"))
                .setSpec(PodSpec.newBuilder().setServiceAccountName("robot").setNodeName("n1"))
                .build());
        objects.put(Node.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("n1").setUid("node-uid"))
                .build());
    }

    @Test
    void fillsInDefaults() throws ParseException {
        TokenRequest answer = issue(TokenRequestSpec.newBuilder());
        assertThat(answer.getSpec().getAudiencesList()).containsExactly(ISSUER);
        assertThat(answer.getSpec().getExpirationSeconds()).isEqualTo(3600);
        assertThat(answer.getMetadata().getName()).isEqualTo("robot");
        assertThat(answer.getMetadata().getUid()).isEqualTo("sa-uid");
        JWTClaimsSet claims = claims(answer);
        assertThat(claims.getIssuer()).isEqualTo(ISSUER);
        assertThat(claims.getSubject()).isEqualTo("system:serviceaccount:ns:robot");
        assertThat(claims.getAudience()).containsExactly(ISSUER);
        assertThat(claims.getExpirationTime().toInstant().getEpochSecond())
                .isEqualTo(NOW.getEpochSecond() + 3600)
                .isEqualTo(answer.getStatus().getExpirationTimestamp().getSeconds());
        assertThat(claims.getJWTID()).isNotEmpty();
        assertThat(claims.getJSONObjectClaim("kubernetes.io"))
                .isEqualTo(Map.of("namespace", "ns", "serviceaccount", Map.of("name", "robot", "uid", "sa-uid")));
    }

    @Test
    void bindsToThePodAndItsNode() throws ParseException {
        TokenRequest answer = issue(bound("v1", "Pod", "p", "pod-uid"));
        assertThat(claims(answer).getJSONObjectClaim("kubernetes.io"))
                .containsEntry("pod", Map.of("name", "p", "uid", "pod-uid"))
                .containsEntry("node", Map.of("name", "n1", "uid", "node-uid"));
    }

    @Test
    void kubeletsDefaultLivesLongerAndWarns() throws ParseException {
        TokenRequest answer = issue(bound("v1", "Pod", "p", "").setExpirationSeconds(3607));
        assertThat(answer.getStatus().getExpirationTimestamp().getSeconds()).isEqualTo(NOW.getEpochSecond() + 3607);
        JWTClaimsSet claims = claims(answer);
        assertThat(claims.getExpirationTime().toInstant().getEpochSecond())
                .isEqualTo(NOW.getEpochSecond() + 365L * 24 * 3600);
        assertThat(claims.getJSONObjectClaim("kubernetes.io")).containsEntry("warnafter", NOW.getEpochSecond() + 3607);
    }

    @Test
    void capShortensAndWarns() {
        TokenRequest answer = issuer(1800)
                .issue(
                        "ns",
                        "robot",
                        TokenRequest.newBuilder()
                                .setSpec(TokenRequestSpec.newBuilder().setExpirationSeconds(7200))
                                .build(),
                        warnings::add);
        assertThat(answer.getSpec().getExpirationSeconds()).isEqualTo(1800);
        assertThat(warnings).containsExactly("requested expiration of 7200 seconds shortened to 1800 seconds");
    }

    /** Texts as upstream 1.36 answered them. */
    @Test
    void refusesInUpstreamsWords() {
        assertRefused(
                TokenRequestSpec.newBuilder().setExpirationSeconds(5),
                422,
                "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 5: may not"
                        + " specify a duration less than 10 minutes");
        assertRefused(
                TokenRequestSpec.newBuilder().setExpirationSeconds(5_000_000_000L),
                422,
                "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 5000000000:"
                        + " may not specify a duration larger than 2^32 seconds");
        assertRefused(bound("v1", "Pod", "nosuch", ""), 404, "pods \"nosuch\" not found");
        assertRefused(bound("v1", "Secret", "nosuch", ""), 404, "secrets \"nosuch\" not found");
        assertRefused(
                bound("v1", "ConfigMap", "cm", ""), 400, "cannot bind token to object of type /v1, Kind=ConfigMap");
        assertRefused(
                bound("v1", "Pod", "p", "zz"),
                409,
                "Operation cannot be fulfilled on Pod \"p\": the UID in the bound object reference (zz) does not match"
                        + " the UID in record. The object might have been deleted and then recreated");
        objects.put(Pod.newBuilder()
                .setMetadata(meta("ns", "other", "u"))
                .setSpec(PodSpec.newBuilder().setServiceAccountName("default"))
                .build());
        assertRefused(
                bound("v1", "Pod", "other", ""),
                400,
                "cannot bind token for serviceaccount \"robot\" to pod running with different serviceaccount name.");
        assertThatThrownBy(() -> issuer.issue("ns", "nosuch", TokenRequest.getDefaultInstance(), warnings::add))
                .hasMessage("serviceaccounts \"nosuch\" not found");
        TokenRequest misnamed = TokenRequest.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("zz"))
                .build();
        assertThatThrownBy(() -> issuer.issue("ns", "robot", misnamed, warnings::add))
                .hasMessage("TokenRequest.authentication.k8s.io \"robot\" is invalid: metadata.name: Invalid value:"
                        + " \"zz\": must match the service account name if specified");
    }

    @Test
    void publishesItsKeys() throws ParseException {
        OidcDocuments documents = new OidcDocuments(ISSUER, "https://10.90.0.1:6443", keys);
        String configuration = new String(documents.configuration(), StandardCharsets.UTF_8);
        assertThat(configuration)
                .isEqualTo("{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"https://10.90.0.1:6443/openid/v1/jwks\","
                        + "\"response_types_supported\":[\"id_token\"],\"subject_types_supported\":[\"public\"],"
                        + "\"id_token_signing_alg_values_supported\":[\"ES256\"]}");
        String keyId = SignedJWT.parse(
                        issue(TokenRequestSpec.newBuilder()).getStatus().getToken())
                .getHeader()
                .getKeyID();
        assertThat(new String(documents.keys(), StandardCharsets.UTF_8))
                .contains("\"kid\":\"" + keyId + "\"")
                .contains("\"kty\":\"EC\"")
                .doesNotContain("\"d\":");
    }

    private void assertRefused(TokenRequestSpec.Builder spec, int code, String message) {
        assertThatThrownBy(() -> issue(spec)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).isEqualTo(message);
        });
    }

    private TokenIssuer issuer(long capSeconds) {
        return new TokenIssuer(ISSUER, List.of(ISSUER), capSeconds, keys, objects, new ClockRuntime(NOW));
    }

    private TokenRequest issue(TokenRequestSpec.Builder spec) {
        return issuer.issue(
                "ns", "robot", TokenRequest.newBuilder().setSpec(spec).build(), warnings::add);
    }

    private static TokenRequestSpec.Builder bound(String apiVersion, String kind, String name, String uid) {
        BoundObjectReference.Builder reference = BoundObjectReference.newBuilder()
                .setApiVersion(apiVersion)
                .setKind(kind)
                .setName(name);
        return TokenRequestSpec.newBuilder().setBoundObjectRef(uid.isEmpty() ? reference : reference.setUID(uid));
    }

    private static JWTClaimsSet claims(TokenRequest answer) throws ParseException {
        return SignedJWT.parse(answer.getStatus().getToken()).getJWTClaimsSet();
    }

    private static ObjectMeta meta(String namespace, String name, String uid) {
        return ObjectMeta.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setUid(uid)
                .build();
    }
}
