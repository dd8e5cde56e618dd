package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;

/** The body of the scale subresource. */
final class ScaleSchema extends ObjectSchema {
    static final ScaleSchema INSTANCE = new ScaleSchema();

    private static final FieldType TYPE = Declared.withTypeMeta(Declared.typeOf(Scale.getDescriptor()));

    private ScaleSchema() {
        super("autoscaling/v1", "Scale", Scale.getDefaultInstance());
    }

    @Override
    FieldType type() {
        return TYPE;
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
