package io.jollyboat.defaults;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.LabelSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The one list of the message types whose defaults are computed. */
final class ComputedDefaults {
    private static final Map<Descriptor, UnaryOperator<Message>> BY_TYPE = new HashMap<>();
    private static final Map<Descriptor, Message> EMPTY = new HashMap<>();

    static {
        PodDefaults.register();
        CoreDefaults.register();
        WorkloadDefaults.register();
        PolicyDefaults.register();
        for (Message message : List.of(
                LabelSelector.getDefaultInstance(),
                io.jollyboat.api.core.v1.PodSecurityContext.getDefaultInstance(),
                io.jollyboat.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.getDefaultInstance())) {
            EMPTY.put(message.getDescriptorForType(), message);
        }
    }

    private ComputedDefaults() {}

    @SuppressWarnings("unchecked")
    static <T extends Message> void add(T prototype, UnaryOperator<T> defaults) {
        BY_TYPE.put(prototype.getDescriptorForType(), message -> defaults.apply((T) message));
    }

    static boolean has(Descriptor type) {
        return BY_TYPE.containsKey(type);
    }

    static UnaryOperator<Message> of(Descriptor type) {
        return BY_TYPE.getOrDefault(type, UnaryOperator.identity());
    }

    /** The message that the default {@code {}} stands for. */
    static Message empty(FieldDescriptor field) {
        Message message = EMPTY.get(field.getMessageType());
        if (message == null) {
            throw new IllegalArgumentException("list the default instance for " + field.getFullName());
        }
        return message;
    }
}
