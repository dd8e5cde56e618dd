package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;

/** The body of a subresource that is no resource itself, such as a scale. */
final class BodySchema extends ObjectSchema {
    private final FieldType type;

    BodySchema(String apiVersion, String kind, Message prototype) {
        super(apiVersion, kind, prototype);
        this.type = Declared.withTypeMeta(Declared.typeOf(prototype.getDescriptorForType()));
    }

    @Override
    FieldType type() {
        return type;
    }

    @Override
    Comparison compare(Message old, Message now) {
        return MessageComparer.compare(old, now);
    }

    @Override
    ObjectSchema inVersion(String apiVersion) {
        return apiVersion.equals(apiVersion()) ? this : null;
    }

    @Override
    Message converted(Message object, ObjectSchema to) {
        return object;
    }

    @Override
    FieldFilter filter(String subresource) {
        return FieldFilter.NONE;
    }

    @Override
    boolean mayHaveChanged() {
        return false;
    }
}
