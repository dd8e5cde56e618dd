package io.jollyboat.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.ClockRuntime;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.authn.TokenAuthenticator.Result;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.tls.CertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that lie in Secrets. */
class SecretTokensTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final List<String> OWN = List.of("https://here");
    private static final String JOIN = "abcdef.0123456789abcdef";

    private final Metrics metrics = new Metrics();
    private final ClockRuntime runtime = new ClockRuntime(NOW);
    private final FakeObjects objects = new FakeObjects();
    private final KeyPair pair = CertificateAuthority.newKeyPair();
    private final List<String> labelled = new ArrayList<>();
    private final LegacyTokenAuthenticator legacy = new LegacyTokenAuthenticator(
            OWN,
            new TokenKeys(pair.getPrivate(), List.of(pair.getPublic())),
            objects,
            objects,
            (secret, label, value) -> labelled.add(secret.getMetadata().getName() + " " + label + "=" + value),
            new TokenUses(metrics),
            runtime);
    private final BootstrapTokenAuthenticator bootstrap = new BootstrapTokenAuthenticator(OWN, objects, runtime);

    private void join(Map<String, String> changes) {
        Secret.Builder secret = Secret.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("kube-system").setName("bootstrap-token-abcdef"))
                .setType("bootstrap.kubernetes.io/token");
        put(secret, "token-id", "abcdef");
        put(secret, "token-secret", "0123456789abcdef");
        put(secret, "usage-bootstrap-authentication", "true");
        changes.forEach((key, value) -> put(secret, key, value));
        if (changes.containsKey("TYPE")) {
            secret.setType(changes.get("TYPE"));
        }
        objects.put(secret.build());
    }

    private static void put(Secret.Builder secret, String key, String value) {
        secret.putData(key, ByteString.copyFromUtf8(value));
    }

    @Test
    void aBootstrapTokenNamesUserAndGroups() {
        join(Map.of(
                "auth-extra-groups", "system:bootstrappers:workers,system:bootstrappers:a:b",
                "expiration", "2026-06-01T14:00:01+02:00"));
        assertThat(bootstrap.authenticate(JOIN, OWN)).isInstanceOfSatisfying(Result.Holds.class, holds -> {
            assertThat(holds.user().name()).isEqualTo("system:bootstrap:abcdef");
            assertThat(holds.user().groups())
                    .containsExactly(
                            "system:bootstrappers", "system:bootstrappers:a:b", "system:bootstrappers:workers");
            assertThat(holds.audiences()).isEqualTo(OWN);
        });
        assertThat(bootstrap.authenticate(JOIN, List.of("https://elsewhere"))).isEqualTo(new Result.Refused(""));
        assertThat(bootstrap.authenticate("abcdef.0123456789abcdee", OWN)).isEqualTo(new Result.Refused(""));
        runtime.advance(Duration.ofSeconds(1));
        assertThat(bootstrap.authenticate(JOIN, OWN)).isEqualTo(new Result.Refused(""));
    }

    @ParameterizedTest
    @CsvSource({
        "usage-bootstrap-authentication, false",
        "token-id, bcdefg",
        "expiration, soon",
        "expiration, 2026-06-01T12:00:00Z",
        "auth-extra-groups, system:masters",
        "auth-extra-groups, 'system:bootstrappers:a,'",
        "TYPE, Opaque",
    })
    void aBootstrapTokenOfABadSecretIsNone(String key, String value) {
        join(Map.of(key, value));
        assertThat(bootstrap.authenticate(JOIN, OWN)).isEqualTo(new Result.Refused(""));
    }

    private String account(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
        objects.put(ServiceAccount.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("robot")
                        .setUid("u1"))
                .build());
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("kubernetes/serviceaccount")
                .subject("system:serviceaccount:ns:robot")
                .claim("kubernetes.io/serviceaccount/namespace", "ns")
                .claim("kubernetes.io/serviceaccount/secret.name", "token")
                .claim("kubernetes.io/serviceaccount/service-account.name", "robot")
                .claim("kubernetes.io/serviceaccount/service-account.uid", "u1");
        change.accept(claims);
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims.build());
        jwt.sign(new ECDSASigner((ECPrivateKey) pair.getPrivate()));
        keep(jwt.serialize(), Map.of());
        return jwt.serialize();
    }

    private void keep(String token, Map<String, String> labels) {
        Secret.Builder secret = Secret.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("token")
                        .putAllLabels(labels));
        put(secret, "token", token);
        objects.put(secret.build());
    }

    @Test
    void aKeptTokenHoldsAndItsUseIsNotedOnceADay() throws JOSEException {
        String token = account(claims -> {});
        assertThat(legacy.authenticate(token, OWN)).isInstanceOfSatisfying(Result.Holds.class, holds -> {
            assertThat(holds.user().name()).isEqualTo("system:serviceaccount:ns:robot");
            assertThat(holds.user().uid()).isEqualTo("u1");
            assertThat(holds.user().groups()).containsExactly("system:serviceaccounts", "system:serviceaccounts:ns");
            assertThat(holds.user().extra()).isEmpty();
        });
        assertThat(labelled).containsExactly("token kubernetes.io/legacy-token-last-used=2026-06-01");
        keep(token, Map.of("kubernetes.io/legacy-token-last-used", "2026-06-01"));
        legacy.authenticate(token, OWN);
        assertThat(labelled).hasSize(1);
        runtime.advance(Duration.ofDays(1));
        legacy.authenticate(token, OWN);
        assertThat(labelled).hasSize(2);
    }

    @Test
    void aKeptTokenIsForTheServerAlone() throws JOSEException {
        String token = account(claims -> {});
        assertThat(legacy.authenticate(token, List.of("vault")))
                .isEqualTo(new Result.Refused(
                        "token audiences [\"https://here\"] is invalid for the target audiences [\"vault\"]"));
    }

    @Test
    void aKeptTokenEndsWithWhatItIsOf() throws JOSEException {
        String token = account(claims -> {});
        keep(token + "x", Map.of());
        assertThat(refusal(token)).isEqualTo("Token does not match server's copy");
        keep(token, Map.of("kubernetes.io/legacy-token-invalid-since", "2026-01-01"));
        assertThat(refusal(token)).contains("has been marked invalid");
        objects.remove(Kinds.of(Secret.class), ObjectKey.of("ns", "token"));
        assertThat(refusal(token)).isEqualTo("Token has been invalidated");
        keep(token, Map.of());
        objects.put(ServiceAccount.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("robot")
                        .setUid("u2"))
                .build());
        assertThat(refusal(token)).isEqualTo("ServiceAccount UID (u2) does not match claim (u1)");
    }

    @Test
    void aKeptTokenOfAnotherKeyOrWithoutItsClaimsIsRefused() throws JOSEException {
        assertThat(refusal(account(claims -> claims.subject("system:serviceaccount:ns:other"))))
                .isEqualTo("sub claim is invalid");
        assertThat(refusal(account(claims -> claims.claim("kubernetes.io/serviceaccount/secret.name", null))))
                .isEqualTo("secretName claim is missing");
        String token = account(claims -> {});
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
        assertThat(refusal(forged)).isEqualTo("go-jose/go-jose: error in cryptographic primitive");
        assertThat(refusal(account(claims -> claims.issuer("https://other")))).isEmpty();
    }

    @Test
    void ofATokenThatWasMadeForItsAccountTheClientIsWarned() throws JOSEException, IOException {
        String token = account(claims -> {});
        assertThat(legacy.authenticate(token, OWN)).isInstanceOfSatisfying(Result.Holds.class, holds -> {
            assertThat(holds.warnings()).isEmpty();
            assertThat(holds.notes())
                    .containsOnly(
                            Map.entry("authentication.k8s.io/legacy-token", "system:serviceaccount:ns:robot"),
                            Map.entry("authentication.k8s.io/legacy-token-manual-secret", "token"));
        });
        objects.put(ServiceAccount.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("robot")
                        .setUid("u1"))
                .addSecrets(ObjectReference.newBuilder().setName("token"))
                .build());
        assertThat(legacy.authenticate(token, OWN)).isInstanceOfSatisfying(Result.Holds.class, holds -> {
            assertThat(holds.warnings())
                    .containsExactly("Use tokens from the TokenRequest API or manually created secret-based tokens"
                            + " instead of auto-generated secret-based tokens.");
            assertThat(holds.notes()).containsEntry("authentication.k8s.io/legacy-token-autogenerated-secret", "token");
        });
        keep(token, Map.of("kubernetes.io/legacy-token-invalid-since", "2026-01-01"));
        assertThat(refusal(token))
                .isEqualTo("the token in secret ns/token for service account ns/robot has been marked invalid. Use"
                        + " tokens from the TokenRequest API or manually created secret-based tokens, or remove the"
                        + " 'kubernetes.io/legacy-token-invalid-since' label from the secret to temporarily allow use"
                        + " of this token");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.write(text);
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("serviceaccount_legacy_tokens_total 3.0")
                .contains("serviceaccount_legacy_manual_token_uses_total 1.0")
                .contains("serviceaccount_legacy_auto_token_uses_total 1.0")
                .contains("serviceaccount_invalid_legacy_auto_token_uses_total 1.0");
    }

    private String refusal(String token) {
        return ((Result.Refused) legacy.authenticate(token, OWN)).reason();
    }
}
