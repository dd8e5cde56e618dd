package io.jollyboat.controllers.serviceaccount;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;

/** Creates it, and creates it again when it is deleted. */
public final class ServiceAccountController {
    private static final String NAME = "default";
    private static final int WORKERS = 2;

    private final ControllerContext context;
    private final Informer<Namespace> namespaces;
    private final Informer<ServiceAccount> accounts;

    private ServiceAccountController(ControllerContext context) {
        this.context = context;
        this.namespaces = context.informers().of(Types.NAMESPACES);
        this.accounts = context.informers().of(Types.SERVICE_ACCOUNTS);
    }

    public static Controller create(ControllerContext context) {
        ServiceAccountController controller = new ServiceAccountController(context);
        ControllerLoop loop = context.loop("serviceaccount", WORKERS, controller::reconcile);
        controller.namespaces.addHandler((before, after) -> {
            if (after != null) {
                loop.add(Types.NAMESPACES.key(after));
            }
        });
        controller.accounts.addHandler((before, after) -> {
            if (after == null && before.getMetadata().getName().equals(NAME)) {
                loop.add(ObjectKey.cluster(before.getMetadata().getNamespace()));
            }
        });
        return Controller.of(loop, controller.namespaces, controller.accounts);
    }

    private Outcome reconcile(ObjectKey key) {
        Namespace namespace = namespaces.get(key);
        if (namespace == null
                || namespace.getMetadata().hasDeletionTimestamp()
                || !namespace.getStatus().getPhase().equals("Active")
                || accounts.get(ObjectKey.of(key.name(), NAME)) != null) {
            return Outcome.done();
        }
        try {
            context.client()
                    .create(
                            Types.SERVICE_ACCOUNTS,
                            ServiceAccount.newBuilder()
                                    .setMetadata(ObjectMeta.newBuilder()
                                            .setNamespace(key.name())
                                            .setName(NAME))
                                    .build());
        } catch (ApiException e) {
            if (!e.isAlreadyExists() && !Errors.isNamespaceTerminating(e)) {
                throw e;
            }
        }
        return Outcome.done();
    }
}
