package io.jollyboat.apiserver.bootstrap;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** How bootstrap reads and writes: with the server's own rights, through defaulting, validation and storage. */
public interface BootstrapStore {
    /** The newest state; null when there is no such object. */
    <T extends Message> T get(ResourceType<T> type, ObjectKey key);

    /** ApiException 409 when another server was faster. */
    void create(ResourceType<?> type, Message object);

    /** Replaces the object whose resourceVersion it carries; ApiException 409 when it changed meanwhile. */
    void update(ResourceType<?> type, Message object);

    void delete(ResourceType<?> type, ObjectKey key);
}
