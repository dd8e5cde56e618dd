package io.jollyboat.apiserver.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * What a request brought.
 *
 * @param chain the verified client certificate chain, leaf first; empty without one
 * @param bearerToken null without one
 * @param headers by which a proxy may name somebody
 */
public record Credentials(
        List<X509Certificate> chain, String bearerToken, Iterable<Map.Entry<String, String>> headers) {
    public Credentials(List<X509Certificate> chain, String bearerToken) {
        this(chain, bearerToken, List.of());
    }
}
