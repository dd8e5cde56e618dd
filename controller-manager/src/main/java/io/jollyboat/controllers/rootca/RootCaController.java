package io.jollyboat.controllers.rootca;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.util.Map;

/** Publishes the CA's certificate and undoes changes to it. */
public final class RootCaController {
    private static final String NAME = "kube-root-ca.crt";
    private static final String DESCRIPTION = "kubernetes.io/description";
    // Upstream's text, which clients see.
    private static final String DESCRIPTION_TEXT =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
                    + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across "
                    + "distributions of Kubernetes clusters.";
    private static final int WORKERS = 2;

    private final ControllerContext context;
    private final Map<String, String> data;
    private final Informer<Namespace> namespaces;
    private final Informer<ConfigMap> published;

    private RootCaController(ControllerContext context, String caPem) {
        this.context = context;
        this.data = Map.of("ca.crt", caPem);
        this.namespaces = context.informers().of(Types.NAMESPACES);
        // Only these: other ConfigMaps may be many and large.
        this.published = context.informers().of(Types.CONFIG_MAPS, Selection.fields("metadata.name=" + NAME));
    }

    /** @param caPem certificates in PEM */
    public static Controller create(ControllerContext context, String caPem) {
        RootCaController controller = new RootCaController(context, caPem);
        ControllerLoop loop = context.loop("root-ca-certificate-publisher", WORKERS, controller::reconcile);
        controller.namespaces.addHandler((before, after) -> {
            if (after != null) {
                loop.add(Types.NAMESPACES.key(after));
            }
        });
        controller.published.addHandler((before, after) -> {
            ConfigMap object = after == null ? before : after;
            loop.add(ObjectKey.cluster(object.getMetadata().getNamespace()));
        });
        return Controller.of(loop, controller.namespaces, controller.published);
    }

    private Outcome reconcile(ObjectKey key) {
        Namespace namespace = namespaces.get(key);
        if (namespace == null
                || namespace.getMetadata().hasDeletionTimestamp()
                || !namespace.getStatus().getPhase().equals("Active")) {
            return Outcome.done();
        }
        ConfigMap present = published.get(ObjectKey.of(key.name(), NAME));
        if (present != null
                && present.getDataMap().equals(data)
                && present.getMetadata()
                        .getAnnotationsOrDefault(DESCRIPTION, "")
                        .equals(DESCRIPTION_TEXT)) {
            return Outcome.done();
        }
        ConfigMap.Builder wanted = present == null ? ConfigMap.newBuilder() : present.toBuilder();
        wanted.clearData().clearBinaryData().putAllData(data);
        wanted.getMetadataBuilder()
                .setNamespace(key.name())
                .setName(NAME)
                .putAnnotations(DESCRIPTION, DESCRIPTION_TEXT);
        try {
            if (present == null) {
                context.client().create(Types.CONFIG_MAPS, wanted.build());
            } else {
                context.client().update(Types.CONFIG_MAPS, wanted.build());
            }
        } catch (ApiException e) {
            // Being there already means that the cache is about to show it, and to wake us if it is not as it should
            // be.
            if (!e.isAlreadyExists() && !Errors.isNamespaceTerminating(e)) {
                throw e;
            }
        }
        return Outcome.done();
    }
}
