package io.jollyboat.apiserver.auth;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** What authenticators and authorizers know of the cluster's objects: the server's own caches. Never blocks. */
public interface ObjectLookup {
    /** The newest state known; null when there is no such object. */
    <T extends Message> T get(ResourceType<T> type, ObjectKey key);

    /**
     * Tells of every object of the type, present and future, in order and on one thread at a time. Before the lookup
     * starts.
     */
    <T extends Message> void listen(ResourceType<T> type, Listener<T> listener);

    /** Receives changes; must not block. */
    interface Listener<T> {
        /** The object is new or changed. */
        void onPut(ObjectKey key, T object);

        void onRemove(ObjectKey key);
    }
}
