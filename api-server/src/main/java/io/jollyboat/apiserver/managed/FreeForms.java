package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.JsonFields;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/** Messages whose JSON may be anything, such as a default in a schema, or a schema where a list may stand as well. */
final class FreeForms {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FreeForms() {}

    static JsonNode tree(Message message) {
        return switch (JsonFields.form(message.getDescriptorForType())) {
            case RAW_JSON -> raw(message);
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> schema(message);
            case OBJECT, TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING, ITEMS ->
                JsonCodec.toTree(message, null, null);
        };
    }

    private static JsonNode raw(Message message) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(1);
        ByteString json = (ByteString) message.getField(field);
        return json.isEmpty() ? NullNode.instance : MAPPER.readTree(json.toByteArray());
    }

    private static JsonNode schema(Message message) {
        JsonNode schema = null;
        JsonNode other = NullNode.instance;
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
                List<?> values = (List<?>) message.getField(field);
                other = values.isEmpty() ? other : list(values);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN) {
                other = BooleanNode.valueOf((Boolean) message.getField(field));
            } else if (message.hasField(field)) {
                schema = JsonCodec.toTree((Message) message.getField(field), null, null);
            }
        }
        return other.isArray() || schema == null ? other : schema;
    }

    private static ArrayNode list(List<?> values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Object value : values) {
            if (value instanceof Message message) {
                list.add(JsonCodec.toTree(message, null, null));
            } else {
                list.add((String) value);
            }
        }
        return list;
    }
}
