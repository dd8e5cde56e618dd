package io.jollyboat.controllers.base;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.informer.Informer;
import java.util.Collection;
import java.util.List;

/** The indexes that controllers share. Adding one twice is harmless. */
public final class Indexes {
    private static final String CONTROLLER = "controller";
    private static final String NODE = "node";

    private Indexes() {}

    /** By the uid of the controller; objects without one by their namespace. */
    public static <T extends Message> Informer<T> byController(Informer<T> informer) {
        informer.addIndex(CONTROLLER, object -> {
            ObjectMeta meta = informer.type().meta(object);
            return List.of(Owners.controllerOf(meta)
                    .map(reference -> reference.getUid())
                    .orElse(orphans(meta.getNamespace())));
        });
        return informer;
    }

    public static Informer<Pod> byNode(Informer<Pod> pods) {
        pods.addIndex(
                NODE,
                pod -> pod.getSpec().getNodeName().isEmpty()
                        ? List.of()
                        : List.of(pod.getSpec().getNodeName()));
        return pods;
    }

    public static <T extends Message> Collection<T> controlledBy(Informer<T> informer, String uid) {
        return informer.byIndex(CONTROLLER, uid);
    }

    public static <T extends Message> Collection<T> withoutController(Informer<T> informer, String namespace) {
        return informer.byIndex(CONTROLLER, orphans(namespace));
    }

    public static Collection<Pod> onNode(Informer<Pod> pods, String node) {
        return pods.byIndex(NODE, node);
    }

    // No uid has a slash.
    private static String orphans(String namespace) {
        return "/" + namespace;
    }
}
