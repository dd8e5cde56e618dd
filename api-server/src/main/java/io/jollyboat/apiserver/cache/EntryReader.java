package io.jollyboat.apiserver.cache;

import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.UnreadableValue;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;

/** Makes entries of what the store holds. */
final class EntryReader {
    private static final Log LOG = Log.of(EntryReader.class);

    private EntryReader() {}

    /**
     * Null when the value cannot be read: one damaged object must not take its whole resource away.
     *
     * @throws ApiException 500 for one whose key is not known
     */
    static Entry read(StoredResource resource, String key, KeyValue stored) {
        String why = UnreadableValue.reason(stored.value());
        if (why != null) {
            throw ApiException.internal(why);
        }
        try {
            return Entry.of(
                    resource,
                    key,
                    resource.codec().unwrap(stored.value()),
                    stored.modRevision(),
                    stored.createRevision());
        } catch (RuntimeException e) {
            LOG.error("a stored object cannot be read", e, "key", resource.prefix() + key);
            return null;
        }
    }

    /** What follows the resource's prefix. */
    static String key(StoredResource resource, KeyValue stored) {
        return stored.key().toStringUtf8().substring(resource.prefix().length());
    }
}
