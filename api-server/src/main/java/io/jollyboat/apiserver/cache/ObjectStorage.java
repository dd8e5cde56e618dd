package io.jollyboat.apiserver.cache;

import com.google.protobuf.Message;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads and writes objects of one resource. Calls block and belong on virtual threads; many at once are pipelined. A
 * write has happened when the call returns; the cache shows it a moment later ({@link ResourceCache#awaitRevision}).
 * Failures are ApiExceptions with upstream's Status; a store's time-out on a write leaves open whether it happened.
 */
public interface ObjectStorage {
    ResourceCache cache();

    /**
     * Stores a new object. Any resourceVersion in it is ignored.
     *
     * @param ttlSeconds 0 for ever
     * @throws io.jollyboat.errors.ApiException 409 AlreadyExists
     */
    Entry create(String key, Message object, long ttlSeconds);

    /** Linearizable: the state when the call began, or a later one. Null when there is none. */
    Entry get(String key);

    /**
     * Changes an object, again and again until nothing interferes. The first attempt starts from the cache's state, so
     * the function may be called with a stale one: what it throws then is thrown only if it throws it with the newest
     * state too. It has no side effects. A result equal to what is stored is not written.
     *
     * @param change from the current entry (null when there is none) to the new object; null leaves it as it is
     * @param createMissing whether an absent object is handed to the function as null; else 404
     * @param ttlSeconds of the new state, 0 for ever
     * @return the stored state, null only if the function left an absent object absent
     */
    Entry update(
            String key,
            Preconditions preconditions,
            boolean createMissing,
            long ttlSeconds,
            Function<Entry, Message> change);

    /**
     * Deletes an object.
     *
     * @param check throws what forbids the deletion; may be called with a stale state as in {@link #update}
     * @return the last state, with the revision of the deletion
     */
    Entry delete(String key, Preconditions preconditions, Consumer<Entry> check);
}
