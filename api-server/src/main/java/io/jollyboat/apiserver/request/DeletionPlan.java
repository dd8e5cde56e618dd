package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.request.KindStrategy.GarbageCollection;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a delete does to one state of an object.
 *
 * @param object to be stored, where it differs
 * @param changes whether it differs
 * @param removes whether the object goes after that
 */
record DeletionPlan(Message object, boolean changes, boolean removes) {
    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";

    /** Pure: the same state, options and time give the same plan. */
    static DeletionPlan of(
            ResourceType<?> type, KindStrategy strategy, Message object, DeleteOptions options, Instant now) {
        ObjectMeta old = type.meta(object);
        Long grace = strategy.gracePeriodSeconds(object, options);
        ObjectMeta.Builder meta = old.toBuilder();
        boolean graceful = false;
        if (grace != null && old.hasDeletionTimestamp()) {
            long present = old.getDeletionGracePeriodSeconds();
            if (present > 0) {
                // A deletion under way may only be hastened; one that says nothing changes nothing.
                if (!options.hasGracePeriodSeconds() || grace >= present) {
                    return new DeletionPlan(object, false, false);
                }
                Instant begun = Times.instant(old.getDeletionTimestamp()).minusSeconds(present);
                meta = ObjectDeleter.marked(old, begun.plusSeconds(grace), grace);
                graceful = true;
            }
        } else if (grace != null) {
            meta = ObjectDeleter.marked(old, now.plusSeconds(grace), grace);
            graceful = true;
        }
        List<String> finalizers = finalizers(strategy.garbageCollection(), old, options);
        meta.clearFinalizers().addAllFinalizers(finalizers);
        if (!graceful && !finalizers.isEmpty()) {
            meta = old.hasDeletionTimestamp()
                    ? meta.setDeletionGracePeriodSeconds(0)
                    : ObjectDeleter.marked(meta.build(), now, 0);
        }
        Message result = type.withMeta(object, meta.build());
        boolean removes = finalizers.isEmpty() && (!graceful || grace == 0);
        // What goes at once without a grace period is deleted as it is.
        boolean changes = !result.equals(object) && (graceful || !removes);
        return new DeletionPlan(changes ? result : object, changes, removes);
    }

    /** The object's finalizers once the request has had its say on dependents. */
    static List<String> finalizers(GarbageCollection policy, ObjectMeta meta, DeleteOptions options) {
        List<String> present = meta.getFinalizersList();
        List<String> wanted = new ArrayList<>(present);
        wanted.removeIf(finalizer -> finalizer.equals(ORPHAN) || finalizer.equals(FOREGROUND));
        if (policy == GarbageCollection.UNSUPPORTED) {
            return wanted;
        }
        if (orphans(policy, present, options)) {
            wanted.add(ORPHAN);
        } else if (waitsForDependents(present, options)) {
            wanted.add(FOREGROUND);
        }
        return wanted;
    }

    private static boolean orphans(GarbageCollection policy, List<String> present, DeleteOptions options) {
        if (options.hasOrphanDependents()) {
            return options.getOrphanDependents();
        }
        if (options.hasPropagationPolicy()) {
            return options.getPropagationPolicy().equals("Orphan");
        }
        return present.contains(ORPHAN)
                || (policy == GarbageCollection.ORPHAN_DEPENDENTS && !present.contains(FOREGROUND));
    }

    private static boolean waitsForDependents(List<String> present, DeleteOptions options) {
        if (options.hasOrphanDependents()) {
            return false;
        }
        return options.hasPropagationPolicy()
                ? options.getPropagationPolicy().equals("Foreground")
                : present.contains(FOREGROUND);
    }
}
