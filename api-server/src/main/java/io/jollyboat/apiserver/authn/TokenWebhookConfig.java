package io.jollyboat.apiserver.authn;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A server that is asked whose a bearer token is, when nobody else knows it.
 *
 * @param configFile a kubeconfig whose current context leads there
 * @param version of the TokenReviews, {@code v1} or {@code v1beta1}
 * @param cacheTtl how long its answers hold
 */
public record TokenWebhookConfig(Path configFile, String version, Duration cacheTtl) {
    public TokenWebhookConfig {
        if (version != null && !version.equals("v1") && !version.equals("v1beta1")) {
            throw new IllegalArgumentException("version: unsupported authentication webhook version \"" + version
                    + "\", supported versions are \"v1\", \"v1beta1\"");
        }
    }

    static TokenWebhookConfig defaults() {
        return new TokenWebhookConfig(null, "v1", Duration.ofMinutes(2));
    }
}
