package io.jollyboat.events;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.ResourceType;

/** References to objects, as events carry them. */
public final class References {
    private References() {}

    public static ObjectReference to(ResourceType<?> kind, Message object) {
        ObjectMeta meta = kind.meta(object);
        return ObjectReference.newBuilder()
                .setKind(kind.kind())
                .setApiVersion(kind.apiVersion())
                .setNamespace(meta.getNamespace())
                .setName(meta.getName())
                .setUid(meta.getUid())
                .setResourceVersion(meta.getResourceVersion())
                .build();
    }

    /** @param fieldPath such as {@code spec.containers{web}} */
    public static ObjectReference to(ResourceType<?> kind, Message object, String fieldPath) {
        return to(kind, object).toBuilder().setFieldPath(fieldPath).build();
    }

    /** Events about cluster-scoped objects live in {@code default}. */
    static String eventNamespace(ObjectReference about) {
        return about.getNamespace().isEmpty() ? "default" : about.getNamespace();
    }

    /** Unique for an object and a moment; upstream's form. */
    static String eventName(ObjectReference about, long nanos) {
        return about.getName() + "." + Long.toHexString(nanos);
    }
}
