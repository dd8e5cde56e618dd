package io.jollyboat.apiserver.authn;

import io.jollyboat.api.core.v1.Secret;

/** Labels Secrets. What fails is not worth more than a log line. */
@FunctionalInterface
public interface SecretLabels {
    void put(Secret secret, String label, String value);
}
