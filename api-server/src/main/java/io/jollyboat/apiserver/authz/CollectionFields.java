package io.jollyboat.apiserver.authz;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;

/** The part of an object's metadata that only its deletion is concerned with. */
final class CollectionFields {
    private CollectionFields() {}

    static ObjectMeta meta(Message object) {
        return (ObjectMeta) object.getField(field(object));
    }

    /** The object without it, and without what every write changes. */
    static Message strip(Message object) {
        ObjectMeta meta = meta(object).toBuilder()
                .clearOwnerReferences()
                .clearFinalizers()
                .clearManagedFields()
                .clearResourceVersion()
                .clearGeneration()
                .build();
        return object.toBuilder().setField(field(object), meta).build();
    }

    private static FieldDescriptor field(Message object) {
        return object.getDescriptorForType().findFieldByName("metadata");
    }
}
