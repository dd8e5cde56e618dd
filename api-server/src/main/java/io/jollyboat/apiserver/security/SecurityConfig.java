package io.jollyboat.apiserver.security;

import io.jollyboat.apiserver.authn.FrontProxyConfig;
import io.jollyboat.apiserver.authn.TokenWebhookConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files and names that security needs.
 *
 * @param clientAuthorities who signs client certificates
 * @param serviceAccountKey signs tokens
 * @param serviceAccountPublicKeys verify tokens; the first is the signing key's other half
 * @param issuer of tokens, and their default audience
 * @param externalUrl of this server, for discovery of the keys
 * @param maxTokenSeconds longest life of a token; 0 for no cap
 * @param authenticationFile whom else to believe who somebody is
 * @param tokenWebhook whom to ask of tokens that nobody knows
 * @param authorizationFile who decides what everyone may do
 * @param proxies that are believed when they name somebody
 */
public record SecurityConfig(
        Path clientAuthorities,
        Path serviceAccountKey,
        List<Path> serviceAccountPublicKeys,
        String issuer,
        String externalUrl,
        long maxTokenSeconds,
        Optional<Path> authenticationFile,
        Optional<TokenWebhookConfig> tokenWebhook,
        Optional<Path> authorizationFile,
        Optional<FrontProxyConfig> proxies) {
    public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";
}
