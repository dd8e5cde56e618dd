package io.jollyboat.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.authentication.v1.TokenReview;
import io.jollyboat.api.authentication.v1.TokenReviewSpec;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.auth.ClockRuntime;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.tokens.TokenIssuer;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.PrivateFiles;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorsTest {
    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    Path folder;

    private final Metrics metrics = new Metrics();
    private final ClockRuntime runtime = new ClockRuntime(NOW);
    private final FakeObjects objects = new FakeObjects();
    private final CertificateAuthority authority =
            CertificateAuthority.create("kubernetes", NOW, Duration.ofDays(3650));
    private final KeyPair tokenPair = CertificateAuthority.newKeyPair();
    private final TokenKeys tokenKeys = new TokenKeys(tokenPair.getPrivate(), List.of(tokenPair.getPublic()));
    private final TokenIssuer issuer = issuer(tokenKeys);
    private Authenticators authenticators;

    @BeforeEach
    void build() {
        Path ca = folder.resolve("ca.crt");
        PrivateFiles.writePublic(ca, Pem.encode(authority.certificate()));
        authenticators = Authenticators.build(
                ca,
                List.of(ISSUER),
                List.of(ISSUER),
                tokenKeys,
                objects,
                objects,
                (s, l, v) -> {},
                Optional.empty(),
                Optional.empty(),
                metrics,
                runtime);
        objects.put(account("robot", "sa-uid"));
    }

    // Certificates

    @Test
    void certificateNamesUserAndGroups() {
        UserInfo user = byCertificate(client("jane", NOW, Duration.ofDays(1)));
        assertThat(user.name()).isEqualTo("jane");
        assertThat(user.groups()).containsExactly("devs", "ops", "system:authenticated");
        assertThat(user.extra()
                        .get("authentication.kubernetes.io/credential-id")
                        .getFirst())
                .matches("X509SHA256=[0-9a-f]{64}");
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() {
        CertificateAuthority other = CertificateAuthority.create("kubernetes", NOW, Duration.ofDays(1));
        X509Certificate forged = other.sign(
                CertificateRequest.client("jane", "system:masters"),
                CertificateAuthority.newKeyPair().getPublic(),
                NOW,
                Duration.ofDays(1));
        assertUnauthorized(certificate(forged), "/api");
        assertUnauthorized(new Credentials(List.of(forged, other.certificate()), null), "/api");
        assertUnauthorized(new Credentials(List.of(forged, authority.certificate()), null), "/api");
    }

    @Test
    void certificateOutsideItsTimeIsRefusedAlsoWhenKnown() {
        X509Certificate shortLived = client("jane", NOW, Duration.ofMinutes(10));
        assertThat(byCertificate(shortLived).name()).isEqualTo("jane");
        runtime.advance(Duration.ofMinutes(11));
        assertUnauthorized(certificate(shortLived), "/api");
        assertUnauthorized(certificate(client("jane", NOW.plus(Duration.ofDays(2)), Duration.ofDays(1))), "/api");
    }

    @Test
    void servingCertificateIsNoIdentity() {
        X509Certificate serving = authority.sign(
                CertificateRequest.server("jane", List.of("localhost")),
                CertificateAuthority.newKeyPair().getPublic(),
                NOW,
                Duration.ofDays(1));
        assertUnauthorized(certificate(serving), "/api");
    }

    @Test
    void leafCannotSignOthers() {
        KeyPair leafPair = CertificateAuthority.newKeyPair();
        X509Certificate leaf =
                authority.sign(CertificateRequest.client("jane"), leafPair.getPublic(), NOW, Duration.ofDays(1));
        X509Certificate forged = new CertificateAuthority(leaf, leafPair.getPrivate())
                .sign(
                        CertificateRequest.client("root", "system:masters"),
                        CertificateAuthority.newKeyPair().getPublic(),
                        NOW,
                        Duration.ofDays(1));
        assertUnauthorized(new Credentials(List.of(forged, leaf), null), "/api");
    }

    // Anonymous

    @Test
    void whoeverBringsNothingIsAnonymousAtTheDoorThatHasPaths() {
        Credentials none = new Credentials(List.of(), null);
        for (String path : List.of("/livez", "/version", "/api", "/", "/metrics", "/livez/../api")) {
            assertThat(authenticators.authenticate(none, path).user()).isEqualTo(UserInfo.ANONYMOUS);
        }
        assertUnauthorized(none, "");
    }

    @Test
    void wrongCredentialsAreRefusedOnOpenPathsToo() {
        assertUnauthorized(new Credentials(List.of(), "nonsense"), "/version");
    }

    // Tokens

    @Test
    void tokenNamesTheAccountAndItsPod() {
        objects.put(pod("p", "pod-uid"));
        UserInfo user = byToken(token(bound("Pod", "p")));
        assertThat(user.name()).isEqualTo("system:serviceaccount:ns:robot");
        assertThat(user.uid()).isEqualTo("sa-uid");
        assertThat(user.groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated");
        assertThat(user.extra())
                .containsEntry("authentication.kubernetes.io/pod-name", List.of("p"))
                .containsEntry("authentication.kubernetes.io/pod-uid", List.of("pod-uid"))
                .containsEntry("authentication.kubernetes.io/node-name", List.of("n1"));
        assertThat(user.extra()
                        .get("authentication.kubernetes.io/credential-id")
                        .getFirst())
                .startsWith("JTI=");
    }

    @Test
    void rsaKeysWorkToo() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair rsa = generator.generateKeyPair();
        TokenKeys keys = new TokenKeys(rsa.getPrivate(), List.of(rsa.getPublic(), tokenPair.getPublic()));
        Authenticators both = Authenticators.build(
                folder.resolve("ca.crt"),
                List.of(ISSUER),
                List.of(ISSUER),
                keys,
                objects,
                objects,
                (s, l, v) -> {},
                Optional.empty(),
                Optional.empty(),
                metrics,
                runtime);
        assertThat(both.authenticate(new Credentials(List.of(), token(issuer(keys), unbound())), "/api")
                        .user()
                        .name())
                .isEqualTo("system:serviceaccount:ns:robot");
        // A key that was replaced still verifies.
        assertThat(both.authenticate(new Credentials(List.of(), token(unbound())), "/api")
                        .user()
                        .name())
                .isEqualTo("system:serviceaccount:ns:robot");
    }

    @Test
    void expiredTokenIsRefusedAlsoWhenKnown() {
        String token = token(unbound());
        assertThat(byToken(token).name()).isEqualTo("system:serviceaccount:ns:robot");
        runtime.advance(Duration.ofMinutes(60).plusSeconds(50));
        assertThat(byToken(token).name()).isEqualTo("system:serviceaccount:ns:robot");
        runtime.advance(Duration.ofSeconds(20));
        assertRefused(token, "service account token has expired");
    }

    /** What a kubelet asks for lives longer; whoever uses it after its hour is noted. */
    @Test
    void lateUseOfAnExtendedTokenIsNoted() {
        objects.put(pod("p", "pod-uid"));
        String token = token(bound("Pod", "p").setExpirationSeconds(3607));
        runtime.advance(Duration.ofSeconds(3607));
        assertThat(authenticators.authenticate(bearer(token), "/api").notes()).isEmpty();
        runtime.advance(Duration.ofSeconds(5));
        assertThat(authenticators.authenticate(bearer(token), "/api").notes())
                .containsExactly(Map.entry(
                        "authentication.k8s.io/stale-token",
                        "subject: system:serviceaccount:ns:robot, seconds after warning threshold: 5"));
        runtime.advance(Duration.ofDays(365));
        assertRefused(token, "service account token has expired");
    }

    @Test
    void aCertificateComesBeforeAToken() {
        Credentials both = new Credentials(List.of(client("jane", NOW, Duration.ofDays(1))), token(unbound()));
        assertThat(authenticators.authenticate(both, "/api").user().name()).isEqualTo("jane");
        Credentials wrongToken = new Credentials(List.of(client("jane", NOW, Duration.ofDays(1))), "nonsense");
        assertThat(authenticators.authenticate(wrongToken, "/api").user().name())
                .isEqualTo("jane");
        X509Certificate expired = client("jane", NOW.minus(Duration.ofDays(2)), Duration.ofDays(1));
        assertThat(authenticators
                        .authenticate(new Credentials(List.of(expired), token(unbound())), "/api")
                        .user()
                        .name())
                .isEqualTo("system:serviceaccount:ns:robot");
        assertUnauthorized(new Credentials(List.of(expired), "nonsense"), "/api");
    }

    @Test
    void tokenFromTheFutureIsRefused() {
        runtime.advance(Duration.ofMinutes(10));
        String token = token(unbound());
        runtime.advance(Duration.ofMinutes(-10));
        assertRefused(token, "service account token is not valid yet");
    }

    @Test
    void tokenForOthersIsRefused() {
        String token = token(TokenRequestSpec.newBuilder().addAudiences("vault"));
        assertRefused(token, "token audiences [\"vault\"] is invalid for the target audiences [\"" + ISSUER + "\"]");
    }

    @Test
    void tokenOfAnotherKeyIsRefused() {
        KeyPair other = CertificateAuthority.newKeyPair();
        String token = token(issuer(new TokenKeys(other.getPrivate(), List.of(other.getPublic()))), unbound());
        assertRefused(token, "invalid signature, no keys found");
    }

    @Test
    void changedTokenIsRefused() {
        String[] parts = token(unbound()).split("\\.");
        String[] other =
                token(TokenRequestSpec.newBuilder().setExpirationSeconds(7200)).split("\\.");
        assertRefused(parts[0] + "." + other[1] + "." + parts[2], "go-jose/go-jose: error in cryptographic primitive");
        assertUnauthorized(bearer(parts[0] + "." + parts[1] + "."), "/api");
        assertUnauthorized(bearer(parts[0] + "." + parts[1]), "/api");
    }

    @Test
    void unsignedTokenAndPublicKeyAsSecretAreRefused() throws JOSEException, ParseException {
        JWTClaimsSet claims = SignedJWT.parse(token(unbound())).getJWTClaimsSet();
        assertUnauthorized(bearer(new PlainJWT(new PlainHeader(), claims).serialize()), "/api");
        SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        confused.sign(new MACSigner(tokenPair.getPublic().getEncoded()));
        assertRefused(confused.serialize(), "go-jose/go-jose: error in cryptographic primitive");
    }

    @Test
    void tokenOfAnotherIssuerIsUnknown() {
        TokenIssuer other = new TokenIssuer("https://elsewhere", List.of(ISSUER), 0, tokenKeys, objects, runtime);
        assertRefused(token(other, unbound()), "");
    }

    @Test
    void tokenDiesWithItsAccount() {
        String token = token(unbound());
        byToken(token);
        objects.put(account("robot", "new-uid"));
        assertRefused(token, "service account UID (new-uid) does not match claim (sa-uid)");
        objects.remove(Kinds.of(ServiceAccount.class), ObjectKey.of("ns", "robot"));
        assertUnauthorized(bearer(token), "/api");
    }

    @Test
    void tokenDiesWithItsPod() {
        objects.put(pod("p", "pod-uid"));
        String token = token(bound("Pod", "p"));
        byToken(token);
        Pod deleted = pod("p", "pod-uid");
        objects.put(deleted.toBuilder()
                .setMetadata(deleted.getMetadata().toBuilder()
                        .setDeletionTimestamp(Time.newBuilder().setSeconds(NOW.getEpochSecond())))
                .build());
        // While it terminates a pod still needs its token for a while.
        assertThat(byToken(token).name()).isEqualTo("system:serviceaccount:ns:robot");
        runtime.advance(Duration.ofSeconds(61));
        assertRefused(token, "service account token has been invalidated");
        objects.put(pod("p", "another"));
        assertRefused(token, "pod UID (another) does not match service account pod ref claim (pod-uid)");
        objects.remove(Kinds.of(Pod.class), ObjectKey.of("ns", "p"));
        assertRefused(token, "service account token has been invalidated");
    }

    @Test
    void tokenDiesWithItsNode() {
        objects.put(Node.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("n1").setUid("node-uid"))
                .build());
        String token = token(bound("Node", "n1"));
        byToken(token);
        objects.remove(Kinds.of(Node.class), ObjectKey.cluster("n1"));
        assertRefused(token, "service account token has been invalidated");
    }

    @Test
    void tokenDiesWithItsSecret() {
        objects.put(secret("uid-1"));
        String token = token(bound("Secret", "s"));
        byToken(token);
        objects.put(secret("uid-2"));
        assertRefused(token, "secret UID (uid-2) does not match service account secret ref claim (uid-1)");
        objects.remove(Kinds.of(Secret.class), ObjectKey.of("ns", "s"));
        assertRefused(token, "service account token has been invalidated");
    }

    // Reviews

    @Test
    void tokenReviewTells() {
        IdentityReviews reviews = new IdentityReviews(authenticators.tokens(), List.of(ISSUER), runtime);
        TokenReview good = reviews.token(review(token(unbound())), IdentityReviews.Notes.NONE);
        assertThat(good.getStatus().getAuthenticated()).isTrue();
        assertThat(good.getStatus().getUser().getUsername()).isEqualTo("system:serviceaccount:ns:robot");
        assertThat(good.getStatus().getUser().getGroupsList()).contains("system:authenticated");
        assertThat(good.getStatus().getAudiencesList()).containsExactly(ISSUER);
        TokenReview unknown = reviews.token(review("x"), IdentityReviews.Notes.NONE);
        assertThat(unknown.getStatus().getAuthenticated()).isFalse();
        assertThat(unknown.getStatus().getError()).isEqualTo("invalid bearer token");
        TokenReview expired = reviews.token(
                review(token(TokenRequestSpec.newBuilder().addAudiences("vault"))), IdentityReviews.Notes.NONE);
        assertThat(expired.getStatus().getError()).startsWith("[invalid bearer token, token audiences [\"vault\"]");
        assertThatThrownBy(() -> reviews.token(review(""), IdentityReviews.Notes.NONE))
                .hasMessage("token is required for TokenReview in authentication");
    }

    private static TokenReview review(String token) {
        return TokenReview.newBuilder()
                .setSpec(TokenReviewSpec.newBuilder().setToken(token))
                .build();
    }

    private X509Certificate client(String user, Instant from, Duration life) {
        return authority.sign(
                CertificateRequest.client(user, "devs", "ops"),
                CertificateAuthority.newKeyPair().getPublic(),
                from,
                life);
    }

    private static Credentials certificate(X509Certificate certificate) {
        return new Credentials(List.of(certificate), null);
    }

    private static Credentials bearer(String token) {
        return new Credentials(List.of(), token);
    }

    private UserInfo byCertificate(X509Certificate certificate) {
        return authenticators.authenticate(certificate(certificate), "/api").user();
    }

    private UserInfo byToken(String token) {
        return authenticators.authenticate(bearer(token), "/api").user();
    }

    private void assertUnauthorized(Credentials credentials, String path) {
        assertThatThrownBy(() -> authenticators.authenticate(credentials, path))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(401);
                    assertThat(e.reason()).isEqualTo("Unauthorized");
                    assertThat(e.getMessage()).isEqualTo("Unauthorized");
                });
    }

    private void assertRefused(String token, String reason) {
        assertThat(authenticators.tokens().authenticate(token, List.of(ISSUER)))
                .isEqualTo(new TokenAuthenticator.Result.Refused(reason));
        assertUnauthorized(bearer(token), "/api");
    }

    private TokenIssuer issuer(TokenKeys keys) {
        return new TokenIssuer(ISSUER, List.of(ISSUER), 0, keys, objects, runtime);
    }

    private String token(TokenRequestSpec.Builder spec) {
        return token(issuer, spec);
    }

    private static String token(TokenIssuer by, TokenRequestSpec.Builder spec) {
        return by.issue("ns", "robot", TokenRequest.newBuilder().setSpec(spec).build(), warning -> {})
                .getStatus()
                .getToken();
    }

    private static TokenRequestSpec.Builder unbound() {
        return TokenRequestSpec.newBuilder();
    }

    private static TokenRequestSpec.Builder bound(String kind, String name) {
        return TokenRequestSpec.newBuilder()
                .setBoundObjectRef(BoundObjectReference.newBuilder()
                        .setApiVersion("v1")
                        .setKind(kind)
                        .setName(name));
    }

    private static ServiceAccount account(String name, String uid) {
        return ServiceAccount.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setNamespace("ns").setName(name).setUid(uid))
                .build();
    }

    private static Secret secret(String uid) {
        return Secret.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setNamespace("ns").setName("s").setUid(uid))
                .build();
    }

    private static Pod pod(String name, String uid) {
        return Pod.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setNamespace("ns").setName(name).setUid(uid))
                .setSpec(PodSpec.newBuilder().setServiceAccountName("robot").setNodeName("n1"))
                .build();
    }
}
