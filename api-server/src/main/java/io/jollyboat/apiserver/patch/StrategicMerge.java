package io.jollyboat.apiserver.patch;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.codec.JsonFields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Merges objects by the patch strategies of the declarations and by the directives in the patch. */
final class StrategicMerge {
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    /** A patch that cannot be applied, with the HTTP code upstream gives it. */
    static final class BadPatch extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int code;

        BadPatch(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /**
     * Changes and returns the original, or returns the patch where that replaces it.
     *
     * @param type null for a map without a declared type of its values
     */
    ObjectNode apply(ObjectNode original, ObjectNode patch, Descriptor type) {
        if (patch.has("$patch")) {
            return directive(patch);
        }
        retainKeys(original, patch);
        for (String key : List.copyOf(patch.propertyNames())) {
            if (key.startsWith(ORDER)) {
                ordered(original, patch, key, type);
            }
        }
        for (String key : List.copyOf(patch.propertyNames())) {
            boolean deletes = key.startsWith(DELETE);
            merge(original, deletes ? key.substring(DELETE.length()) : key, patch.get(key), deletes, type);
        }
        return original;
    }

    private static ObjectNode directive(ObjectNode patch) {
        String directive = patch.get("$patch").asString("");
        if (directive.equals("replace")) {
            patch.remove("$patch");
            return patch;
        }
        if (directive.equals("delete")) {
            return JsonNodeFactory.instance.objectNode();
        }
        throw new BadPatch(500, "unknown patch type: " + directive + " in map: " + GoText.of(patch));
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        JsonNode keys = patch.get("$retainKeys");
        if (keys == null) {
            return;
        }
        if (!keys.isArray()) {
            throw new BadPatch(400, "invalid patch format of retainKeys");
        }
        patch.remove("$retainKeys");
        Set<String> retained = new HashSet<>();
        keys.forEach(key -> retained.add(key.asString("")));
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String key = entry.getKey();
            if (!entry.getValue().isNull() && !key.startsWith("$") && !retained.contains(key)) {
                throw new BadPatch(400, "invalid patch format of retainKeys");
            }
        }
        for (String key : List.copyOf(original.propertyNames())) {
            if (!retained.contains(key)) {
                original.remove(key);
            }
        }
    }

    private void merge(ObjectNode original, String key, JsonNode value, boolean deletes, Descriptor type) {
        if (value.isNull()) {
            original.remove(key);
            return;
        }
        JsonNode present = original.get(key);
        boolean alike = present != null && present.getNodeType() == value.getNodeType();
        if (!alike) {
            if (!deletes) {
                original.set(key, Directives.drop(value));
            }
            return;
        }
        FieldDescriptor field = field(type, key, value.isContainer());
        if (value.isObject()) {
            boolean replaces = field != null && strategy(field).equals("replace");
            original.set(key, replaces ? value : apply((ObjectNode) present, (ObjectNode) value, messageType(field)));
        } else if (value.isArray()) {
            original.set(key, list((ArrayNode) present, (ArrayNode) value, field, deletes));
        } else {
            original.set(key, value);
        }
    }

    /** Null where the type of what is in the object is not declared. */
    private static FieldDescriptor field(Descriptor type, String key, boolean needed) {
        if (type == null) {
            return null;
        }
        FieldDescriptor field = JsonFields.of(type).get(key);
        if (field == null && needed) {
            throw new BadPatch(
                    500,
                    "unable to find api field in struct " + type.getName() + " for the json field \"" + key + "\"");
        }
        return field;
    }

    private static Descriptor messageType(FieldDescriptor field) {
        if (field == null || field.getJavaType() != JavaType.MESSAGE) {
            return null;
        }
        FieldDescriptor value = field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
        if (value.getJavaType() != JavaType.MESSAGE) {
            return null;
        }
        return switch (JsonFields.form(value.getMessageType())) {
            // A map's values have the type, not the map.
            case OBJECT -> field.isMapField() ? null : value.getMessageType();
            case TIME,
                    MICRO_TIME,
                    DURATION,
                    QUANTITY,
                    INT_OR_STRING,
                    RAW_JSON,
                    ITEMS,
                    SCHEMA_OR_ARRAY,
                    SCHEMA_OR_BOOL,
                    SCHEMA_OR_STRINGS -> null;
        };
    }

    private static String strategy(FieldDescriptor field) {
        for (String strategy : JsonFields.rules(field).getPatchStrategy().split(",")) {
            if (!strategy.equals("retainKeys")) {
                return strategy;
            }
        }
        return "";
    }

    private ArrayNode list(ArrayNode original, ArrayNode patch, FieldDescriptor field, boolean deletes) {
        if (!deletes && (field == null || !strategy(field).equals("merge"))) {
            return patch;
        }
        String key = field == null ? "" : JsonFields.rules(field).getPatchKey();
        return new ListMerge(this, key, messageType(field)).merge(original, patch, deletes);
    }

    /** A list whose order the patch gives, with or without changes of its content. */
    private void ordered(ObjectNode original, ObjectNode patch, String directive, Descriptor type) {
        JsonNode order = patch.remove(directive);
        String key = directive.substring(ORDER.length());
        if (!(order instanceof ArrayNode wanted)) {
            throw new BadPatch(400, "invalid patch format of setElementOrder list");
        }
        FieldDescriptor field = field(type, key, true);
        FieldRules rules = field == null ? FieldRules.getDefaultInstance() : JsonFields.rules(field);
        ArrayNode present = original.get(key) instanceof ArrayNode array ? array : null;
        ArrayNode change = patch.get(key) instanceof ArrayNode array ? array : null;
        if (present == null && change == null) {
            return;
        }
        ListMerge lists = new ListMerge(this, rules.getPatchKey(), messageType(field));
        if (change != null) {
            lists.checkOrder(change, wanted);
        }
        ArrayNode merged = change == null
                ? present
                : present == null
                        ? (ArrayNode) Directives.drop(change)
                        : list(present.deepCopy(), change, field, false);
        original.set(
                key, lists.order(merged, wanted, present == null ? JsonNodeFactory.instance.arrayNode() : present));
        patch.remove(key);
    }
}
