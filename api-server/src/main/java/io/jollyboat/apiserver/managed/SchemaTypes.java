package io.jollyboat.apiserver.managed;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.managed.FieldType.Field;
import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import io.jollyboat.apiserver.managed.FieldType.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What a custom resource's schema (JSONSchemaProps as JSON) says of merging. */
final class SchemaTypes {
    private SchemaTypes() {}

    /** Of a whole object; without a schema all of it is deduced. */
    static FieldType object(JsonNode schema) {
        if (schema == null) {
            return FieldType.DEDUCED;
        }
        MapType declared = map(schema, preserves(schema));
        return whole(declared);
    }

    private static FieldType whole(MapType declared) {
        Map<String, Field> fields = new HashMap<>(declared.fields());
        fields.put("metadata", new Field(() -> Declared.typeOf(ObjectMeta.getDescriptor()), null));
        return Declared.withTypeMeta(
                FieldType.of(new MapType(Map.copyOf(fields), declared.element(), declared.atomic())));
    }

    private static boolean preserves(JsonNode schema) {
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    }

    private static FieldType type(JsonNode schema, boolean inherited) {
        boolean preserving = inherited || preserves(schema);
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return FieldType.SCALAR;
        }
        if (schema.path("x-kubernetes-embedded-resource").asBoolean(false)) {
            return embedded(schema, preserving);
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> FieldType.of(map(schema, preserving));
            case "array" -> FieldType.of(list(schema, preserving));
            case "integer", "number" -> FieldType.NUMBER;
            case "boolean" -> FieldType.BOOLEAN;
            case "string" -> {
                String format = schema.path("format").asString("");
                yield format.isEmpty() || format.equals("byte") ? FieldType.STRING : FieldType.SCALAR;
            }
            default -> new FieldType(Scalar.ANY, list(schema, preserving), map(schema, preserving));
        };
    }

    private static FieldType embedded(JsonNode schema, boolean preserving) {
        return whole(map(schema, preserving));
    }

    private static MapType map(JsonNode schema, boolean preserving) {
        Map<String, Field> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            FieldType type = type(property.getValue(), preserving);
            JsonNode value = property.getValue().get("default");
            fields.put(
                    property.getKey(),
                    new Field(() -> type, value == null || value.isContainer() ? null : Scalars.of(value)));
        }
        boolean atomic = schema.path("x-kubernetes-map-type").asString("").equals("atomic");
        return new MapType(Map.copyOf(fields), others(schema, preserving, fields.isEmpty()), atomic);
    }

    /** Of fields that are not declared; null where there may be none. */
    private static Supplier<FieldType> others(JsonNode schema, boolean preserving, boolean none) {
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            FieldType type = type(additional, preserving);
            return () -> type;
        }
        boolean any = additional.isBoolean() ? additional.asBoolean() : preserving || none;
        return any ? () -> FieldType.DEDUCED : null;
    }

    private static ListType list(JsonNode schema, boolean preserving) {
        List<String> keys = new ArrayList<>();
        String kind = schema.path("x-kubernetes-list-type").asString("");
        if (kind.equals("map")) {
            schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asString("")));
        }
        JsonNode items = schema.get("items");
        FieldType element = items == null ? FieldType.WHOLE : type(items, preserving);
        return new ListType(() -> element, kind.equals("set") || kind.equals("map"), List.copyOf(keys));
    }
}
