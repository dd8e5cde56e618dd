package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Turns an OpenAPI document, that may be another server's, into the protobuf messages that stand for it. The messages
 * mirror the document's form, so their descriptors say how: a field stands for the key of its name, apart from those
 * that hold what has names of its own.
 */
final class GnosticForm {
    private static final String REFERENCE = "$ref";
    /** Fields for the keys that the specification leaves to others. */
    private static final Set<String> EXTENSIONS = Set.of("vendor_extension", "specification_extension");
    /** Fields for keys that the document's author chooses: paths, status codes, names. */
    private static final Set<String> NAMED =
            Set.of("additional_properties", "path", "response_code", "response_or_reference");

    private GnosticForm() {}

    /** @param kind the message for a document of this version of OpenAPI */
    static byte[] of(JsonNode document, Message kind) {
        return message(document, kind).toByteArray();
    }

    private static Message message(JsonNode node, Message kind) {
        Message.Builder message = kind.newBuilderForType();
        Descriptor type = message.getDescriptorForType();
        switch (type.getName()) {
            // JSON is YAML too.
            case "Any" -> message.setField(type.findFieldByName("yaml"), node + "\n");
            case "TypeItem", "StringArray" -> addAll(message, type.findFieldByName("value"), node);
            case "ItemsItem" -> addAll(message, type.getFields().getFirst(), node);
            default -> {
                if (!type.getOneofs().isEmpty()) {
                    variant(node, message, type);
                } else {
                    fields(node, message, type);
                }
            }
        }
        return message.build();
    }

    private static void variant(JsonNode node, Message.Builder message, Descriptor type) {
        if (type.getName().equals("DefaultType") && node.isContainer()) {
            return; // has no place for it
        }
        FieldDescriptor chosen = type.findFieldByName(
                switch (type.getName()) {
                    case "AdditionalPropertiesItem" ->
                        node.isBoolean()
                                ? "boolean"
                                : type.getFields().getFirst().getName();
                    case "DefaultType" -> node.isNumber() ? "number" : node.isBoolean() ? "boolean" : "string";
                    case "Parameter" ->
                        node.path("in").asString("").equals("body") ? "body_parameter" : "non_body_parameter";
                    case "NonBodyParameter" ->
                        switch (node.path("in").asString("")) {
                            case "path" -> "path_parameter_sub_schema";
                            case "header" -> "header_parameter_sub_schema";
                            case "formData" -> "form_data_parameter_sub_schema";
                            default -> "query_parameter_sub_schema";
                        };
                    case "SecurityDefinitionsItem" ->
                        node.path("type").asString("").equals("basic")
                                ? "basic_authentication_security"
                                : "api_key_security";
                    default ->
                        // The thing itself, or where it stands.
                        type.getFields()
                                .get(node.has(REFERENCE) && type.getFields().size() > 1 ? 1 : 0)
                                .getName();
                });
        set(message, chosen, node);
    }

    private static void fields(JsonNode node, Message.Builder message, Descriptor type) {
        for (FieldDescriptor field : type.getFields()) {
            if (EXTENSIONS.contains(field.getName())) {
                named(node, message, field, true);
            } else if (field.isRepeated() && NAMED.contains(field.getName())) {
                named(node, message, field, false);
            } else {
                String key = field.getName().equals("_ref") ? REFERENCE : field.getJsonName();
                JsonNode value = node.get(key);
                if (value != null && field.isRepeated()) {
                    addAll(message, field, value);
                } else if (value != null) {
                    set(message, field, value);
                }
            }
        }
    }

    /** A message of name and value for each key that no other field stands for. */
    private static void named(JsonNode node, Message.Builder message, FieldDescriptor field, boolean extensions) {
        boolean free = field.getName().equals("additional_properties");
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            boolean other = key.startsWith("x-") != extensions || key.equals("default");
            if (!free && other) {
                continue;
            }
            Message.Builder named = message.newBuilderForField(field);
            List<FieldDescriptor> parts = named.getDescriptorForType().getFields();
            named.setField(parts.get(0), key);
            set(named, parts.get(1), entry.getValue());
            message.addRepeatedField(field, named.build());
        }
    }

    private static void set(Message.Builder message, FieldDescriptor field, JsonNode value) {
        message.setField(field, value(message, field, value));
    }

    /** A single value is a list of one. */
    private static void addAll(Message.Builder message, FieldDescriptor field, JsonNode values) {
        for (JsonNode value : values.isArray() ? values : List.of(values)) {
            message.addRepeatedField(field, value(message, field, value));
        }
    }

    private static Object value(Message.Builder message, FieldDescriptor field, JsonNode value) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return message(value, message.newBuilderForField(field).getDefaultInstanceForType());
        }
        return switch (field.getJavaType()) {
            case BOOLEAN -> value.asBoolean(false);
            case LONG -> value.asLong(0);
            case DOUBLE -> value.asDouble(0);
            case STRING -> value.isValueNode() ? value.asString("") : value.toString();
            case INT, FLOAT, BYTE_STRING, ENUM, MESSAGE -> throw new IllegalArgumentException(field.getFullName());
        };
    }
}
