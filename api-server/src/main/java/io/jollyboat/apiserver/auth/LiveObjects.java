package io.jollyboat.apiserver.auth;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** Reads past the caches: what was acknowledged before the call is seen. May block. */
public interface LiveObjects {
    /** Null when there is no such object. */
    <T extends Message> T get(ResourceType<T> type, ObjectKey key);
}
