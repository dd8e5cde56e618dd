package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Which resources are the same objects in another group or version. */
public interface EquivalentResources {
    /** For servers where each resource has one version. */
    EquivalentResources NONE = new EquivalentResources() {
        @Override
        public List<ResourceType<?>> of(ResourceType<?> type) {
            return List.of();
        }

        @Override
        public Message convert(ResourceType<?> from, ResourceType<?> to, Message object) {
            throw new IllegalStateException("no conversion from " + from + " to " + to);
        }
    };

    /** The others that show the same objects, in no particular order. */
    List<ResourceType<?>> of(ResourceType<?> type);

    /** @param object null stays null */
    Message convert(ResourceType<?> from, ResourceType<?> to, Message object);
}
