package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The Secrets with tokens that nodes join with. */
final class BootstrapSecrets {
    static final String NAMESPACE = "kube-system";
    static final String PREFIX = "bootstrap-token-";
    private static final String TYPE = "bootstrap.kubernetes.io/token";

    private BootstrapSecrets() {}

    static Informer<Secret> informer(ControllerContext context) {
        return context.informers().of(Types.SECRETS, Selection.fields("type=" + TYPE));
    }

    static boolean isOne(Secret secret) {
        return secret.getType().equals(TYPE)
                && secret.getMetadata().getNamespace().equals(NAMESPACE);
    }

    static String data(Secret secret, String key) {
        return secret.containsData(key) ? secret.getDataOrThrow(key).toStringUtf8() : "";
    }

    /** When it ends; null for never. What cannot be read is long over. */
    static Instant end(Secret secret) {
        String expiration = data(secret, "expiration");
        if (expiration.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(expiration).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
