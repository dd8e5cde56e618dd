package io.jollyboat.apiserver.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.apiserver.auth.ClockRuntime;
import io.jollyboat.apiserver.authn.TokenAuthenticator.Result;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.Pem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer that answers on loopback, over HTTPS. */
class OidcAuthenticatorTest {
    private static final List<String> OWN = List.of("https://here");
    private static final String PLAIN =
            "claimMappings: {username: {claim: sub, prefix: \"oidc:\"}," + " groups: {claim: groups, prefix: \"g:\"}}";

    private final Instant now = SystemRuntime.instance().now();
    private final ClockRuntime runtime = new ClockRuntime(now);
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile JWKSet published;
    private LoopbackServer server;

    /** What the issuer is to be known by, PEM. */
    private String authorities;

    private String url;
    private ECKey key;

    @BeforeEach
    void start() throws IOException, JOSEException {
        server = LoopbackServer.https(List.of("127.0.0.1"), this::answer);
        url = "https://127.0.0.1:" + server.port();
        authorities = server.authority();
        key = newKey("one");
        published = new JWKSet(key.toPublicJWK());
    }

    private boolean answer(LoopbackServer.Request request, OutputStream out) throws IOException {
        return switch (request.path()) {
            case "/.well-known/openid-configuration" ->
                LoopbackServer.reply(
                        out, 200, "application/json", "{\"issuer\":\"" + url + "\",\"jwks_uri\":\"" + url + "/keys\"}");
            case "/keys" -> {
                fetches.incrementAndGet();
                yield LoopbackServer.reply(out, 200, "application/json", published.toString());
            }
            default -> LoopbackServer.reply(out, 404, "text/plain", "");
        };
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static ECKey newKey(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    /** @param more of the authenticator, in YAML's flow form */
    private OidcAuthenticator authenticator(String more) throws ConfigException {
        String yaml =
                "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthenticationConfiguration, jwt: [{issuer: {url: \""
                        + url + "\", certificateAuthority: \"" + authorities.replace("\n", "\\n")
                        + "\", audiences: [app]}, " + more + "}]}";
        AuthenticationConfiguration config =
                ConfigLoader.parse(yaml, Path.of("authentication.yaml"), AuthenticationConfiguration.class);
        return new OidcAuthenticator("jwt[0]", config.jwt().getFirst(), OWN, runtime);
    }

    private String token(ECKey signer, Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(url)
                .audience("app")
                .subject("jane")
                .claim("groups", List.of("devs", "ops"))
                .expirationTime(Date.from(now.plusSeconds(600)));
        change.accept(claims);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(signer.getKeyID())
                        .build(),
                claims.build());
        jwt.sign(new ECDSASigner(signer));
        return jwt.serialize();
    }

    private static String refusal(OidcAuthenticator oidc, String token) {
        return ((Result.Refused) oidc.authenticate(token, OWN)).reason();
    }

    @Test
    void claimsNameUserAndGroups() throws ConfigException, JOSEException {
        try (OidcAuthenticator oidc = authenticator(PLAIN)) {
            for (int i = 0; i < 3; i++) {
                assertThat(oidc.authenticate(token(key, claims -> {}), OWN))
                        .isInstanceOfSatisfying(Result.Holds.class, holds -> {
                            assertThat(holds.user().name()).isEqualTo("oidc:jane");
                            assertThat(holds.user().groups()).containsExactly("g:devs", "g:ops");
                            assertThat(holds.audiences()).isEqualTo(OWN);
                        });
            }
            assertThat(fetches).hasValue(1);
            assertThat(refusal(oidc, token(key, claims -> claims.audience("other"))))
                    .isEqualTo("oidc: verify token: oidc: expected audience in [\"app\"] got [\"other\"]");
            assertThat(refusal(oidc, token(key, claims -> claims.subject(null))))
                    .isEqualTo("oidc: parse username claims \"sub\": claim not present");
            assertThat(refusal(oidc, token(key, claims -> claims.issuer("https://elsewhere"))))
                    .isEmpty();
            runtime.advance(Duration.ofSeconds(601));
            assertThat(refusal(oidc, token(key, claims -> {}))).contains("oidc: token is expired (Token Expiry: ");
        }
    }

    @Test
    void newKeysAreFetchedAndForgedTokensDoNotMakeTheServerAsk() throws ConfigException, JOSEException {
        try (OidcAuthenticator oidc = authenticator(PLAIN)) {
            assertThat(oidc.authenticate(token(key, claims -> {}), OWN)).isInstanceOf(Result.Holds.class);
            ECKey next = newKey("two");
            published = new JWKSet(List.of(next.toPublicJWK()));
            for (int i = 0; i < 5; i++) {
                assertThat(refusal(oidc, token(newKey("forged"), claims -> {}))).contains("failed to verify signature");
            }
            assertThat(fetches).hasValue(1);
            runtime.advance(Duration.ofSeconds(3));
            assertThat(oidc.authenticate(token(next, claims -> {}), OWN)).isInstanceOf(Result.Holds.class);
            assertThat(fetches).hasValue(2);
            assertThat(refusal(oidc, token(key, claims -> {}))).contains("failed to verify signature");
            // What is signed with the public key as a shared secret, or not at all, is refused by its algorithm.
            String unsigned =
                    new PlainJWT(new JWTClaimsSet.Builder().issuer(url).build()).serialize();
            assertThat(oidc.authenticate(unsigned, OWN)).isEqualTo(new Result.Refused(""));
        }
    }

    @Test
    void expressionsMapAndJudge() throws ConfigException, JOSEException {
        try (OidcAuthenticator oidc =
                authenticator("claimMappings: {username: {expression: \"'u:' + claims.sub\"}, groups: {expression:"
                        + " \"claims.groups.filter(g, g != 'ops')\"}, uid: {claim: id}, extra: [{key: acme.io/team,"
                        + " valueExpression: \"claims.team\"}]}, claimValidationRules: [{expression: \"claims.level > 2\","
                        + " message: too low}, {claim: tenant, requiredValue: t1}], userValidationRules: [{expression:"
                        + " \"!user.username.startsWith('u:system:')\", message: reserved}]")) {
            Consumer<JWTClaimsSet.Builder> good = claims -> claims.claim("id", "7")
                    .claim("team", "blue")
                    .claim("level", 3)
                    .claim("tenant", "t1");
            assertThat(oidc.authenticate(token(key, good), OWN)).isInstanceOfSatisfying(Result.Holds.class, holds -> {
                assertThat(holds.user().name()).isEqualTo("u:jane");
                assertThat(holds.user().uid()).isEqualTo("7");
                assertThat(holds.user().groups()).containsExactly("devs");
                assertThat(holds.user().extra()).isEqualTo(Map.of("acme.io/team", List.of("blue")));
            });
            assertThat(refusal(oidc, token(key, good.andThen(claims -> claims.claim("level", 1)))))
                    .isEqualTo("oidc: error evaluating claim validation expression: validation expression"
                            + " 'claims.level > 2' failed: too low");
            assertThat(refusal(oidc, token(key, good.andThen(claims -> claims.claim("tenant", "t2")))))
                    .isEqualTo("oidc: required claim tenant value does not match. Got = t2, want = t1");
            assertThat(refusal(oidc, token(key, good.andThen(claims -> claims.subject("system:admin")))))
                    .isEqualTo("oidc: error evaluating user info validation rule: validation expression"
                            + " '!user.username.startsWith('u:system:')' failed: reserved");
        }
    }

    @Test
    void anIssuerThatDoesNotAnswerOrIsAnotherIsNotBelieved() throws ConfigException, JOSEException {
        authorities = Pem.encode(
                CertificateAuthority.create("others", now, Duration.ofDays(1)).certificate());
        try (OidcAuthenticator oidc = authenticator(PLAIN)) {
            assertThat(refusal(oidc, token(key, claims -> {}))).contains("fetching keys");
            assertThat(fetches).hasValue(0);
        }
    }

    @Test
    void badConfigurationsAreRefusedAtOnce() {
        assertThatThrownBy(() -> authenticator("claimMappings: {username: {claim: sub}}"))
                .hasMessageContaining("jwt[0].claimMappings.username.prefix: prefix is required when claim is set");
        assertThatThrownBy(() -> authenticator("claimMappings: {username: {expression: \"claims.(\"}}"))
                .hasMessageContaining("jwt[0].claimMappings.username.expression: compilation failed");
        assertThatThrownBy(() -> authenticator("claimMappings: {username: {expression: \"claims.email\"}}"))
                .hasMessageContaining("claims.email_verified must be used");
        assertThatThrownBy(() -> authenticator("claimMapings: {}")).hasMessageContaining("claimMappings");
    }
}
