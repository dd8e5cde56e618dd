package io.jollyboat.events;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.kinds.ResourceType;

/** Tells the users of an object what happened to it. Thread-safe; never blocks, never throws. */
public interface EventRecorder {
    /** @param reason one word in CamelCase, for machines */
    void record(ObjectReference about, EventType type, String reason, String message);

    default <T extends Message> void record(
            ResourceType<T> kind, T about, EventType type, String reason, String message) {
        record(References.to(kind, about), type, reason, message);
    }
}
