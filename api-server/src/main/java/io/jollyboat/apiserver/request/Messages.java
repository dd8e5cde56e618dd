package io.jollyboat.apiserver.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.codec.CustomContent;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Access to the fields that nearly all kinds have, by name. */
final class Messages {
    private Messages() {}

    static boolean has(Message message, String field) {
        if (message instanceof CustomObject custom) {
            return CustomContent.tree(custom).has(field);
        }
        FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
        return descriptor != null && message.hasField(descriptor);
    }

    /** A copy in which the field is as in the other message of the same type; unchanged where there is no such field. */
    static Message withFieldOf(Message message, Message other, String field) {
        if (message instanceof CustomObject custom) {
            ObjectNode content = CustomContent.tree(custom);
            JsonNode value = CustomContent.tree((CustomObject) other).get(field);
            if (value == null) {
                content.remove(field);
            } else {
                content.set(field, value);
            }
            return CustomContent.with(custom, content);
        }
        FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
        if (descriptor == null) {
            return message;
        }
        return other.hasField(descriptor)
                ? message.toBuilder()
                        .setField(descriptor, other.getField(descriptor))
                        .build()
                : message.toBuilder().clearField(descriptor).build();
    }

    static Message without(Message message, String... fields) {
        if (message instanceof CustomObject custom) {
            ObjectNode content = CustomContent.tree(custom);
            content.remove(List.of(fields));
            CustomObject rest = CustomContent.with(custom, content);
            return List.of(fields).contains("metadata")
                    ? rest.toBuilder().clearMetadata().build()
                    : rest;
        }
        Message.Builder builder = message.toBuilder();
        for (String field : fields) {
            FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
            if (descriptor != null) {
                builder.clearField(descriptor);
            }
        }
        return builder.build();
    }
}
