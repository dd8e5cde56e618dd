package io.jollyboat.apiserver.auth;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a request brought.
 *
 * @param chain the verified client certificate chain, leaf first; empty without one
 * @param bearerToken null without one
 */
public record Credentials(List<X509Certificate> chain, String bearerToken) {}
