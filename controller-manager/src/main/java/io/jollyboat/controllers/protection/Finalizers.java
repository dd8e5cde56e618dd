package io.jollyboat.controllers.protection;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Gives and takes one finalizer of objects of one kind. */
final class Finalizers<T extends Message> {
    private final ControllerContext context;
    private final ResourceType<T> type;
    private final String finalizer;

    Finalizers(ControllerContext context, ResourceType<T> type, String finalizer) {
        this.context = context;
        this.type = type;
        this.finalizer = finalizer;
    }

    /** It is to go, but for the finalizer. */
    boolean waits(T object) {
        return type.meta(object).hasDeletionTimestamp()
                && type.meta(object).getFinalizersList().contains(finalizer);
    }

    /** From before there was admission that gives it. */
    boolean lacks(T object) {
        return !type.meta(object).hasDeletionTimestamp()
                && !type.meta(object).getFinalizersList().contains(finalizer);
    }

    void give(T object) {
        ObjectMeta meta = type.meta(object);
        update(object, meta.toBuilder().addFinalizers(finalizer).build());
    }

    void take(T object) {
        ObjectMeta meta = type.meta(object);
        List<String> others = meta.getFinalizersList().stream()
                .filter(one -> !one.equals(finalizer))
                .toList();
        update(
                object,
                meta.toBuilder().clearFinalizers().addAllFinalizers(others).build());
    }

    /** On exactly the state that was looked at. */
    private void update(T object, ObjectMeta meta) {
        try {
            context.client().update(type, type.withMeta(object, meta));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
