package io.jollyboat.apiserver.authn.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.apiserver.authn.TokenAuthenticator;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Issuer;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.JwtAuthenticator;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of one issuer. */
public final class OidcAuthenticator implements TokenAuthenticator, AutoCloseable {
    private static final Duration LEEWAY = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> ownAudiences;
    private final Issuer issuer;
    private final ClaimsToUser users;
    private final IssuerKeys keys;
    private final Runtime runtime;

    /**
     * @param path of the authenticator in its file, for errors
     * @param ownAudiences of the server: whoever is known to it is known for these
     * @throws IllegalArgumentException when an expression or the authority cannot be used
     */
    public OidcAuthenticator(String path, JwtAuthenticator config, List<String> ownAudiences, Runtime runtime) {
        this.ownAudiences = List.copyOf(ownAudiences);
        this.issuer = config.issuer();
        this.users = new ClaimsToUser(path, config);
        this.runtime = runtime;
        String url = issuer.url().endsWith("/")
                ? issuer.url().substring(0, issuer.url().length() - 1)
                : issuer.url();
        String discovery = issuer.discoveryURL().orElse(url + "/.well-known/openid-configuration");
        this.keys = new IssuerKeys(issuer.url(), discovery, tls(path), runtime);
    }

    private SSLContext tls(String path) {
        String pem = issuer.certificateAuthority().orElse("");
        try {
            if (pem.isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (X509Certificate certificate : io.jollyboat.tls.Pem.certificates(pem)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(path + ".issuer.certificateAuthority: " + e.getMessage(), e);
        }
    }

    @Override
    public Result authenticate(String token, List<String> audiences) {
        List<String> common = ownAudiences.stream().filter(audiences::contains).toList();
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(token);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            return new Result.Refused("");
        }
        if (common.isEmpty() || claims == null || !issuer.url().equals(claims.getIssuer())) {
            return new Result.Refused("");
        }
        try {
            keys.verify(jwt);
            check(claims);
            ObjectNode tree = (ObjectNode) JSON.readTree(jwt.getPayload().toBytes());
            return new Result.Holds(users.user(tree), common);
        } catch (RefusedToken e) {
            return new Result.Refused(e.getMessage());
        }
    }

    private void check(JWTClaimsSet claims) throws RefusedToken {
        if (claims.getAudience().stream().noneMatch(issuer.audiences()::contains)) {
            throw new RefusedToken("oidc: verify token: oidc: expected audience in " + quoted(issuer.audiences())
                    + " got " + quoted(claims.getAudience()));
        }
        Instant now = runtime.now();
        Date expiry = claims.getExpirationTime();
        if (expiry == null || now.isAfter(expiry.toInstant())) {
            throw new RefusedToken("oidc: verify token: oidc: token is expired (Token Expiry: "
                    + (expiry == null ? "none" : expiry.toInstant()) + ")");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.plus(LEEWAY).isBefore(notBefore.toInstant())) {
            throw new RefusedToken("oidc: verify token: oidc: current time " + now
                    + " before the nbf (not before) time: " + notBefore.toInstant());
        }
    }

    private static String quoted(List<String> texts) {
        return "["
                + String.join(
                        " ",
                        texts.stream().sorted().map(text -> '"' + text + '"').toList()) + "]";
    }

    @Override
    public void close() {
        keys.close();
    }
}
