package io.jollyboat.controllers.namespace;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What deletion left of one resource in a namespace.
 *
 * @param estimateSeconds how long it may take the rest to go
 * @param error why it could not be deleted; empty when it could
 */
record Content(
        ResourceType<?> type, int remaining, Map<String, Integer> finalizers, long estimateSeconds, String error) {
    private static final long FINALIZER_ESTIMATE_SECONDS = 15;

    static Content failed(ResourceType<?> type, String error) {
        return new Content(type, 0, Map.of(), 0, error);
    }

    /** @param graceSeconds for which the remaining objects may still rightly be there */
    static Content of(ResourceType<?> type, List<ObjectMeta> left, long graceSeconds, String namespace) {
        if (left.isEmpty()) {
            return new Content(type, 0, Map.of(), 0, "");
        }
        Map<String, Integer> finalizers = new TreeMap<>();
        for (ObjectMeta meta : left) {
            meta.getFinalizersList().forEach(finalizer -> finalizers.merge(finalizer, 1, Integer::sum));
        }
        if (graceSeconds > 0) {
            return new Content(type, left.size(), finalizers, graceSeconds, "");
        }
        if (!finalizers.isEmpty()) {
            return new Content(type, left.size(), finalizers, FINALIZER_ESTIMATE_SECONDS, "");
        }
        return new Content(
                type,
                left.size(),
                finalizers,
                0,
                "unexpected items still remain in namespace: " + namespace + " for gvr: " + gvr(type));
    }

    private static String gvr(ResourceType<?> type) {
        return (type.group().isEmpty() ? "/" : type.group() + "/") + type.version() + ", Resource=" + type.plural();
    }
}
