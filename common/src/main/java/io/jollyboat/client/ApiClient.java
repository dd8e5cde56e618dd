package io.jollyboat.client;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.objects.RemoteVersion;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.List;

/** Typed access to every kind. Thread-safe. */
public interface ApiClient extends AutoCloseable {
    /** Reads the newest state; ApiException 404 when there is no such object. */
    <T extends Message> T get(ResourceType<T> type, ObjectKey key);

    /** @param namespace empty for all namespaces and for cluster-scoped kinds */
    <T extends Message> ObjectList<T> list(ResourceType<T> type, String namespace, Selection selection);

    /** Creates in the namespace of the object's metadata; answers the stored object. */
    <T extends Message> T create(ResourceType<T> type, T object);

    /** Replaces; with a resourceVersion in the object a stale one is an ApiException 409. */
    <T extends Message> T update(ResourceType<T> type, T object);

    /** Replaces the status only. */
    <T extends Message> T updateStatus(ResourceType<T> type, T object);

    /** Replaces what the subresource stands for, such as {@code finalize} of a namespace. */
    default <T extends Message> T updateSubresource(ResourceType<T> type, String subresource, T object) {
        throw new UnsupportedOperationException("subresource " + subresource);
    }

    /**
     * @param subresource empty for the object itself, else such as {@code status}
     * @param patch JSON
     */
    <T extends Message> T patch(ResourceType<T> type, ObjectKey key, String subresource, PatchKind kind, String patch);

    /** Begins deletion; a missing object is an ApiException 404, a failed precondition 409. */
    void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options);

    /** Posts to a subresource such as {@code binding}, {@code token} or {@code eviction}. */
    <B extends Message, R extends Message> R createSubresource(
            ResourceType<?> type, ObjectKey key, String subresource, B body, R replyPrototype);

    /**
     * Starts a watch; events arrive in order on one thread, until {@code onEnd}.
     *
     * @param resourceVersion events after this one; empty: begin with the present state
     */
    <T extends Message> Watch watch(
            ResourceType<T> type,
            String namespace,
            Selection selection,
            String resourceVersion,
            WatchListener<T> listener);

    /** What other API servers serve behind this one; the preferred version of a group first. */
    default List<RemoteVersion> remote() {
        return List.of();
    }

    /**
     * Waits before something is tried again that failed: the whole time while there is a connection, else until there is
     * one, at most that time.
     */
    default void pause(Runtime runtime, Duration atMost) throws InterruptedException {
        runtime.sleep(atMost);
    }

    @Override
    void close();

    /** The forms of a patch. */
    enum PatchKind {
        JSON,
        MERGE,
        STRATEGIC_MERGE,
        APPLY
    }

    /** A running watch; closing it twice is harmless. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Receives a watch's events; must not block for long. */
    interface WatchListener<T> {
        void onAdded(T object);

        void onModified(T object);

        /** @param last the object's last state */
        void onDeleted(T last);

        /** Nothing up to this resourceVersion is missing. */
        void onBookmark(String resourceVersion);

        /**
         * The last call: the watch is over. The watcher goes on from the last resourceVersion it saw, or lists anew when
         * the error is {@link io.jollyboat.errors.ApiException#isGone}.
         *
         * @param error null when the server ended the watch in peace
         */
        void onEnd(io.jollyboat.errors.ApiException error);
    }
}
