package io.jollyboat.apiserver.cache;

import io.jollyboat.kinds.ResourceType;

/** The storage of every resource, over one store and one watch. */
public interface ObjectStorages extends AutoCloseable {
    /** Begins to fill all caches. */
    void start();

    /** Whether all caches are filled and the store answered lately; else why not. Empty when ready. */
    String notReadyReason();

    /** The storage of a built-in resource; all its versions, and events of both groups, share one. */
    ObjectStorage of(ResourceType<?> type);

    /** The storage of a resource that comes and goes, such as a custom one; filled from the call on. */
    ObjectStorage open(StoredResource resource);

    /** Forgets the resource and ends its watches; stored objects stay. */
    void close(StoredResource resource);

    @Override
    void close();
}
