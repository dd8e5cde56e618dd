package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.time.Instant;

/** Deletes bootstrap tokens when their time is over. */
public final class BootstrapTokenCleaner {
    private static final int WORKERS = 1;

    private final ControllerContext context;
    private final Informer<Secret> secrets;

    private BootstrapTokenCleaner(ControllerContext context) {
        this.context = context;
        this.secrets = BootstrapSecrets.informer(context);
    }

    public static Controller create(ControllerContext context) {
        BootstrapTokenCleaner cleaner = new BootstrapTokenCleaner(context);
        ControllerLoop loop = context.loop("bootstrap-token-cleaner", WORKERS, cleaner::reconcile);
        cleaner.secrets.addHandler((before, after) -> {
            if (after != null && BootstrapSecrets.isOne(after)) {
                loop.add(Types.SECRETS.key(after));
            }
        });
        return Controller.of(loop, cleaner.secrets);
    }

    private Outcome reconcile(ObjectKey key) {
        Secret secret = secrets.get(key);
        Instant end = secret == null ? null : BootstrapSecrets.end(secret);
        if (end == null) {
            return Outcome.done();
        }
        Instant now = context.runtime().now();
        if (now.isBefore(end)) {
            return Outcome.after(Duration.between(now, end));
        }
        try {
            context.client()
                    .delete(
                            Types.SECRETS,
                            key,
                            DeleteOptions.newBuilder()
                                    .setPreconditions(Preconditions.newBuilder()
                                            .setUid(secret.getMetadata().getUid()))
                                    .build());
        } catch (ApiException e) {
            if (!Errors.isNotFound(e) && !e.isConflict()) {
                throw e;
            }
        }
        return Outcome.done();
    }
}
