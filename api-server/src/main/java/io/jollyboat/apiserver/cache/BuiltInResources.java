package io.jollyboat.apiserver.cache;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.ResourceType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How built-in resources are stored and indexed. */
final class BuiltInResources {
    private static final Map<String, Map<String, Function<Message, Collection<String>>>> INDEXES = Map.of(
            "pods",
            Map.of(
                    StoredResource.NODE_NAME,
                    // Few nodes, many pods: one string for all of a node's.
                    pod -> List.of(((Pod) pod).getSpec().getNodeName().intern())));

    private BuiltInResources() {}

    static StoredResource of(ResourceType<?> type) {
        ResourceType<?> stored = StorageKeys.storedAs(type);
        return new StoredResource(
                stored.group(),
                stored.plural(),
                StorageKeys.prefix(stored),
                stored.namespaced(),
                StorageKeys.storedAsJson(stored) ? new JsonStoredCodec(stored) : new ProtobufCodec(stored),
                INDEXES.getOrDefault(stored.qualifiedResource(), Map.of()));
    }
}
