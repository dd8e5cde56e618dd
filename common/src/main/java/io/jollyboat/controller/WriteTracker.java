package io.jollyboat.controller;

import com.google.protobuf.Message;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers a controller's own writes until its caches show them. A controller that acts on a cache without its last
 * writes would do them again: it asks {@link #caughtUp} first and, if not, comes back a little later.
 *
 * <p>Thread-safe. Forget a key when its object is gone.
 */
public final class WriteTracker {
    private final Map<ObjectKey, Map<Informer<?>, Pending>> writes = new ConcurrentHashMap<>();

    /**
     * After a create, update or patch.
     *
     * @param key what is reconciled, such as the ReplicaSet that the pod was created for
     * @param informer of the written object's kind, over a selection that has the object
     * @param written as the API server answered
     */
    public <T extends Message> void wrote(ObjectKey key, Informer<T> informer, T written) {
        long version = Long.parseLong(informer.type().meta(written).getResourceVersion());
        writes.computeIfAbsent(key, k -> new ConcurrentHashMap<>())
                .merge(informer, new Pending(version, Map.of()), Pending::and);
    }

    /** After a delete: visible when the object is absent, marked for deletion, or another of its name. */
    public void deleted(ObjectKey key, Informer<?> informer, ObjectKey object, String uid) {
        writes.computeIfAbsent(key, k -> new ConcurrentHashMap<>())
                .merge(informer, new Pending(0, Map.of(object, uid)), Pending::and);
    }

    /** Whether the caches show all that was written for the key. */
    public boolean caughtUp(ObjectKey key) {
        Map<Informer<?>, Pending> pending = writes.get(key);
        if (pending == null) {
            return true;
        }
        pending.entrySet().removeIf(e -> e.getValue().visibleIn(e.getKey()));
        return pending.isEmpty();
    }

    public void forget(ObjectKey key) {
        writes.remove(key);
    }

    /** @param deletions uid by key */
    private record Pending(long version, Map<ObjectKey, String> deletions) {
        Pending and(Pending later) {
            if (later.deletions.isEmpty()) {
                return new Pending(Math.max(version, later.version), deletions);
            }
            Map<ObjectKey, String> all = new HashMap<>(deletions);
            all.putAll(later.deletions);
            return new Pending(Math.max(version, later.version), Map.copyOf(all));
        }

        boolean visibleIn(Informer<?> informer) {
            return informer.resourceVersion() >= version
                    && deletions.entrySet().stream().allMatch(e -> gone(informer, e.getKey(), e.getValue()));
        }

        private static <T extends Message> boolean gone(Informer<T> informer, ObjectKey object, String uid) {
            T cached = informer.get(object);
            return cached == null
                    || informer.type().meta(cached).hasDeletionTimestamp()
                    || !informer.type().meta(cached).getUid().equals(uid);
        }
    }
}
