package io.jollyboat.apiserver.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** Access to the fields that nearly all kinds have, by name. */
final class Messages {
    private Messages() {}

    static boolean has(Message message, String field) {
        FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
        return descriptor != null && message.hasField(descriptor);
    }

    /** A copy in which the field is as in the other message of the same type; unchanged where there is no such field. */
    static Message withFieldOf(Message message, Message other, String field) {
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
