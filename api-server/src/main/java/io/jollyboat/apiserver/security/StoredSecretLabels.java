package io.jollyboat.apiserver.security;

import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.apiserver.authn.SecretLabels;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.log.Log;

/** Writes labels to where Secrets are stored. */
final class StoredSecretLabels implements SecretLabels {
    private static final Log LOG = Log.of(StoredSecretLabels.class);

    private final ObjectStorages storages;

    StoredSecretLabels(ObjectStorages storages) {
        this.storages = storages;
    }

    @Override
    public void put(Secret secret, String label, String value) {
        String key = StorageKeys.suffix(
                secret.getMetadata().getNamespace(), secret.getMetadata().getName());
        try {
            storages.of(Kinds.of(Secret.class))
                    .update(key, new Preconditions(secret.getMetadata().getUid(), null), false, 0, current -> {
                        Secret.Builder labelled = ((Secret) current.object()).toBuilder();
                        labelled.getMetadataBuilder().putLabels(label, value);
                        return labelled.build();
                    });
        } catch (ApiException e) {
            LOG.info("a Secret is not labelled", "key", key, "label", label, "reason", e.getMessage());
        }
    }
}
