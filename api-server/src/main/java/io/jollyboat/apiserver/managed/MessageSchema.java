package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;
import java.util.function.Function;

/** A version of a kind that is declared in protobuf. */
final class MessageSchema extends ResourceSchema {
    MessageSchema(ResourceType<?> resource, Function<String, ObjectSchema> versions, Converter converter) {
        super(resource, versions, converter);
    }

    @Override
    FieldType type() {
        return Declared.typeOf(empty().getDescriptorForType());
    }

    @Override
    Comparison compare(Message old, Message now) {
        return MessageComparer.compare(old, now);
    }

    @Override
    boolean mayHaveChanged() {
        return false;
    }
}
