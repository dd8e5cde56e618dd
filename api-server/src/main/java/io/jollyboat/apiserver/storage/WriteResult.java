package io.jollyboat.apiserver.storage;

/** How a conditional write ended. */
public sealed interface WriteResult {
    /** The store's revision when it answered. */
    long revision();

    /** Done; {@code revision} is the key's new modRevision, or that of its deletion. */
    record Written(long revision) implements WriteResult {}

    /**
     * Nothing was changed.
     *
     * @param current null when there is no such key
     */
    record Conflict(long revision, KeyValue current) implements WriteResult {}
}
