package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.kinds.Kinds;
import java.util.List;

/** Objects of one kind, as plugins look them up. */
final class CachedObjects<T extends Message> {
    private final ObjectStorages storages;
    private final Class<T> kind;

    CachedObjects(ObjectStorages storages, Class<T> kind) {
        this.storages = storages;
        this.kind = kind;
    }

    /** Null when there is none; asks the store before it says so. */
    T find(String key) {
        ObjectStorage storage = storage();
        Entry entry = storage.cache().get(key);
        if (entry == null) {
            entry = storage.get(key);
        }
        return entry == null ? null : kind.cast(entry.object());
    }

    /** Null when the cache knows none. */
    Entry known(String key) {
        return storage().cache().get(key);
    }

    /** Those of a namespace, or all where it is empty, as far as the cache knows them. */
    List<T> list(String namespace) {
        List<Entry> entries = storage().cache().snapshot().list(namespace);
        return entries.isEmpty()
                ? List.of()
                : entries.stream().map(entry -> kind.cast(entry.object())).toList();
    }

    private ObjectStorage storage() {
        return storages.of(Kinds.of(kind));
    }
}
