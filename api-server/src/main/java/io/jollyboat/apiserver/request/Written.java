package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.cache.Entry;

/**
 * The outcome of a write: an entry, which is decoded only where somebody wants the object, or a message.
 *
 * @param object in the version of the request, with its resourceVersion; null where there is an entry
 * @param entry as it is stored; null after a dry run, and for what is not stored
 * @param created false when something that was there has changed
 */
public record Written(Message object, Entry entry, boolean created) {
    static Written of(Message object, boolean created) {
        return new Written(object, null, created);
    }

    static Written of(Entry entry, boolean created) {
        return new Written(null, entry, created);
    }
}
