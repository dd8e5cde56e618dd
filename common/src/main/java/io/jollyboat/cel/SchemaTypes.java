package io.jollyboat.cel;

import dev.cel.common.types.SimpleType;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Types from structural OpenAPI schemas, in the JSON form of a CRD's {@code openAPIV3Schema}. */
public final class SchemaTypes {

    private static final long MAX_REQUEST = 3L * 1024 * 1024;
    private static final ObjectNode TEXT = JsonNodeFactory.instance.objectNode().put("type", "string");

    private SchemaTypes() {}

    /**
     * The type that a schema declares, or null if expressions do not see values of it.
     *
     * @param root whether it is the schema of a whole resource, which always has apiVersion, kind and metadata's names
     */
    public static DeclType of(JsonNode schema, boolean root) {
        if (flag(schema, "x-kubernetes-int-or-string")) {
            return DeclType.scalar(SimpleType.DYN, maxLength(schema, MAX_REQUEST - 2), 1);
        }
        JsonNode full = root ? withTypeAndObjectMeta(schema) : schema;
        return switch (full.path("type").stringValue("")) {
            case "array" -> array(full);
            case "object" -> object(full);
            case "string" -> text(full);
            case "boolean" -> DeclType.scalar(SimpleType.BOOL, 0, 4);
            case "number" -> DeclType.scalar(SimpleType.DOUBLE, 0, 1);
            case "integer" -> DeclType.scalar(SimpleType.INT, 0, 1);
            default -> null;
        };
    }

    static boolean flag(JsonNode schema, String name) {
        return schema.path(name).booleanValue(false);
    }

    private static DeclType nested(JsonNode schema) {
        return of(schema, flag(schema, "x-kubernetes-embedded-resource"));
    }

    private static DeclType array(JsonNode schema) {
        JsonNode items = schema.path("items");
        DeclType element = items.isObject() ? nested(items) : null;
        if (element == null) {
            return null;
        }
        long most = (MAX_REQUEST - 2) / (element.minSerializedSize() + 1);
        return DeclType.list(element, bound(schema, "maxItems", most));
    }

    private static long bound(JsonNode schema, String name, long otherwise) {
        return schema.path(name).isNumber() ? Math.max(0, schema.path(name).longValue()) : otherwise;
    }

    private static DeclType object(JsonNode schema) {
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            DeclType element = nested(values);
            if (element == null) {
                return null;
            }
            long most = (MAX_REQUEST - 2) / (element.minSerializedSize() + 6);
            return DeclType.map(element, bound(schema, "maxProperties", most));
        }
        Map<String, DeclType> fields = new LinkedHashMap<>();
        long size = 2;
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            DeclType type = nested(property.getValue());
            if (type == null) {
                continue;
            }
            String name = PropertyNames.escape(property.getKey());
            if (name != null) {
                fields.put(name, type);
            }
            if (!property.getValue().hasNonNull("default") && isRequired(schema, property.getKey())) {
                size += property.getKey().length() + type.minSerializedSize() + 4;
            }
        }
        return DeclType.object("object", fields, size);
    }

    private static boolean isRequired(JsonNode schema, String name) {
        for (JsonNode required : schema.path("required")) {
            if (required.stringValue("").equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static DeclType text(JsonNode schema) {
        return switch (schema.path("format").stringValue("")) {
            case "byte" -> DeclType.scalar(SimpleType.BYTES, bound(schema, "maxLength", MAX_REQUEST - 2), 2);
            case "duration" -> DeclType.scalar(SimpleType.DURATION, 32, 3);
            case "date" -> DeclType.scalar(SimpleType.TIMESTAMP, 12, 12);
            case "date-time" -> DeclType.scalar(SimpleType.TIMESTAMP, 32, 21);
            default -> DeclType.scalar(SimpleType.STRING, maxLength(schema, longestEnum(schema)), 2);
        };
    }

    /** A length in characters, each of up to four bytes. */
    private static long maxLength(JsonNode schema, long otherwise) {
        return schema.path("maxLength").isNumber()
                ? Math.max(0, schema.path("maxLength").longValue()) * 4
                : otherwise;
    }

    private static long longestEnum(JsonNode schema) {
        if (schema.path("enum").isEmpty()) {
            return MAX_REQUEST - 2;
        }
        long longest = 0;
        for (JsonNode value : schema.path("enum")) {
            longest = Math.max(longest, value.stringValue("").getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        }
        return longest;
    }

    /** The schema with the fields that every resource has; of metadata only the names. */
    static JsonNode withTypeAndObjectMeta(JsonNode schema) {
        ObjectNode full = JsonNodeFactory.instance.objectNode();
        full.setAll((ObjectNode) schema);
        full.put("type", "object");
        ObjectNode properties = full.putObject("properties");
        if (schema.path("properties") instanceof ObjectNode declared) {
            properties.setAll(declared);
        }
        properties.set("kind", TEXT);
        properties.set("apiVersion", TEXT);
        ObjectNode metadata = properties.putObject("metadata").put("type", "object");
        metadata.putObject("properties").set("name", TEXT);
        ((ObjectNode) metadata.get("properties")).set("generateName", TEXT);
        return full;
    }
}
