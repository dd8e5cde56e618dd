package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;

/** Gives an object that a webhook or a policy changed its defaults, so that the next one sees a whole one. */
@FunctionalInterface
public interface ObjectDefaulter {
    /** @param type null where the object is a subresource's body, or options */
    Message completed(ResourceType<?> type, Message object);
}
