package io.jollyboat.apiserver.authn.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An issuer's public keys. Fetched with the first token, and again when a token comes that none of them signed, but not
 * more often than every few seconds: whoever sends rubbish does not make the server ask.
 */
final class IssuerKeys implements AutoCloseable {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int LARGEST = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String issuer;
    private final String discovery;
    private final SSLContext tls;
    private final Runtime runtime;
    private HttpClient client;
    private long fetchedNanos;
    private boolean fetched;
    private volatile Fetched latest = new Fetched(0, new JWKSet());
    private String failure = "";

    /** @param discovery where the issuer tells of itself */
    IssuerKeys(String issuer, String discovery, SSLContext tls, Runtime runtime) {
        this.issuer = issuer;
        this.discovery = discovery;
        this.tls = tls;
        this.runtime = runtime;
    }

    /** @param number counts up with each answer */
    private record Fetched(int number, JWKSet keys) {}

    /** @throws RefusedToken when none of the issuer's keys signed it */
    void verify(SignedJWT token) throws RefusedToken {
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        if (!ALGORITHMS.contains(algorithm)) {
            throw new RefusedToken(
                    "oidc: verify token: oidc: malformed jwt: unexpected signature algorithm \"" + algorithm + "\"");
        }
        Fetched known = latest;
        if (isSigned(token, known.keys())) {
            return;
        }
        Fetched newer = refreshed(known.number());
        if (newer.number() == known.number() || !isSigned(token, newer.keys())) {
            String why = newer.keys().isEmpty() ? ": fetching keys " + failure() : "";
            throw new RefusedToken(
                    "oidc: verify token: failed to verify signature: failed to verify id token" + " signature" + why);
        }
    }

    private synchronized String failure() {
        return failure;
    }

    private static boolean isSigned(SignedJWT token, JWKSet keys) {
        JWSHeader header = token.getHeader();
        for (JWK key : keys.getKeys()) {
            boolean other = header.getKeyID() != null && !header.getKeyID().equals(key.getKeyID());
            if (!other && key instanceof AsymmetricJWK pair && isSigned(token, header, pair)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSigned(SignedJWT token, JWSHeader header, AsymmetricJWK key) {
        try {
            return token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, key.toPublicKey()));
        } catch (JOSEException e) {
            return false; // a key of another algorithm
        }
    }

    /** What another thread fetched meanwhile, or what is fetched now; the same when it is too early to ask again. */
    private synchronized Fetched refreshed(int known) {
        if (latest.number() != known) {
            return latest;
        }
        long now = runtime.nanoTime();
        if (fetched && now - fetchedNanos < PAUSE_NANOS) {
            return latest;
        }
        fetched = true;
        fetchedNanos = now;
        try {
            latest = new Fetched(known + 1, fetch());
            failure = "";
        } catch (IOException | ParseException | JacksonException e) {
            failure = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        return latest;
    }

    private JWKSet fetch() throws IOException, InterruptedException, ParseException {
        JsonNode provider = JSON.readTree(get(discovery));
        String named = provider.path("issuer").asString("");
        if (!named.equals(issuer)) {
            throw new IOException("oidc: issuer URL provided to client (" + issuer
                    + ") did not match the issuer URL returned by provider (" + named + ")");
        }
        String url = provider.path("jwks_uri").asString("");
        if (!url.startsWith("https://")) {
            throw new IOException("oidc: the provider's jwks_uri is no https URL");
        }
        return JWKSet.parse(get(url)).toPublicJWKSet();
    }

    private String get(String url) throws IOException, InterruptedException {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .sslContext(tls)
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (response.statusCode() != 200) {
                throw new IOException(url + ": " + response.statusCode());
            }
            if (bytes.length > LARGEST) {
                throw new IOException(url + ": answer is too large");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
