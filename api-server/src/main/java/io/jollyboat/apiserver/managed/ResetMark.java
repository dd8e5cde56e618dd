package io.jollyboat.apiserver.managed;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client ends the tracking of an object's fields by an empty list of entries. A message does not know it from none, so
 * it is carried as a list of one empty entry, which means the same.
 */
public final class ResetMark {
    private static final String METADATA = "metadata";
    private static final String MANAGED_FIELDS = "managedFields";
    private static final byte[] NAME = MANAGED_FIELDS.getBytes(StandardCharsets.US_ASCII);

    private ResetMark() {}

    /** Marks an object that is still a tree. */
    public static void mark(ObjectNode object) {
        if (isEmptyList(object)) {
            ((ObjectNode) object.get(METADATA)).putArray(MANAGED_FIELDS).addObject();
        }
    }

    /**
     * The object, marked if need be.
     *
     * @param body that it was read from
     * @param tree reads the body anew; only asked for when there may be such a list
     */
    public static Message marked(Message object, byte[] body, Supplier<JsonNode> tree) {
        FieldDescriptor field = object.getDescriptorForType().findFieldByName(METADATA);
        if (field == null
                || !(object.getField(field) instanceof ObjectMeta meta)
                || meta.getManagedFieldsCount() > 0
                || !mentions(body)
                || !isEmptyList(tree.get())) {
            return object;
        }
        ObjectMeta marked = meta.toBuilder()
                .addManagedFields(ManagedFieldsEntry.getDefaultInstance())
                .build();
        return object.toBuilder().setField(field, marked).build();
    }

    private static boolean isEmptyList(JsonNode object) {
        JsonNode entries = object.path(METADATA).path(MANAGED_FIELDS);
        return entries.isArray() && entries.isEmpty();
    }

    private static boolean mentions(byte[] body) {
        for (int i = 0; i <= body.length - NAME.length; i++) {
            int same = 0;
            while (same < NAME.length && body[i + same] == NAME[same]) {
                same++;
            }
            if (same == NAME.length) {
                return true;
            }
        }
        return false;
    }
}
