package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import io.jollyboat.apiserver.managed.FieldType.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Whether a tree is of its type, as far as merging needs it. */
final class TreeValidator {
    private final boolean duplicates;
    private final List<String> faults = new ArrayList<>();

    private TreeValidator(boolean duplicates) {
        this.duplicates = duplicates;
    }

    /** @param duplicates whether a list may have an element twice */
    static void check(FieldType type, JsonNode tree, boolean duplicates) {
        TreeValidator validator = new TreeValidator(duplicates);
        validator.value("", type, tree);
        if (!validator.faults.isEmpty()) {
            throw new TypeMismatch(validator.faults);
        }
    }

    private void fault(String path, String text) {
        faults.add(path.isEmpty() ? text : path + ": " + text);
    }

    private void value(String path, FieldType declared, JsonNode value) {
        FieldType type = declared.deduced(value);
        if (type.map() != null) {
            map(path, type.map(), value);
        } else if (type.scalar() != null) {
            String fault = scalarFault(type.scalar(), value);
            if (fault != null) {
                fault(path, fault);
            }
        } else {
            list(path, type.list(), value);
        }
    }

    /** Null for none. */
    static String scalarFault(Scalar type, JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        return switch (type) {
            case NUMBER -> value.isNumber() ? null : "expected numeric (int or float), got " + goType(value);
            case STRING ->
                value.isString()
                        ? null
                        : "expected string, got &value.valueUnstructured{Value:" + goSyntax(value) + "}";
            case BOOLEAN -> value.isBoolean() ? null : "expected boolean, got &{" + shown(value) + "}";
            case ANY -> value.isContainer() ? "expected any scalar, got &{" + shown(value) + "}" : null;
        };
    }

    private void map(String path, MapType type, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        if (!value.isObject()) {
            fault(path, "expected map, got &{" + shown(value) + "}");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String at = path + "." + entry.getKey();
            FieldType inner = type.typeOf(entry.getKey());
            if (inner == null) {
                fault(at, "field not declared in schema");
                return;
            }
            value(at, inner, entry.getValue());
        }
    }

    private void list(String path, ListType type, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        if (!value.isArray()) {
            fault(path, "expected list, got &{" + shown(value) + "}");
            return;
        }
        Set<Step> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            String at = path + "[" + i + "]";
            if (type.associative()) {
                Step step;
                try {
                    step = Elements.step(type, value.get(i));
                } catch (IllegalArgumentException e) {
                    fault(path, "element " + i + ": " + e.getMessage());
                    return;
                }
                if (!seen.add(step) && !duplicates) {
                    fault(path, "duplicate entries for key " + step);
                }
                at = path + step;
            }
            value(at, type.element().get(), value.get(i));
        }
    }

    private static String goType(JsonNode value) {
        return value.isString()
                ? "string"
                : value.isBoolean() ? "bool" : value.isArray() ? "[]interface {}" : "map[string]interface {}";
    }

    /** As Go prints a value with {@code %#v}. */
    private static String goSyntax(JsonNode value) {
        if (value.isString()) {
            return Scalars.shown(value.asString());
        }
        if (!value.isContainer()) {
            return value.isNull() ? "interface {}(nil)" : Scalars.json(Scalars.of(value));
        }
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> parts.add(goSyntax(element)));
        } else {
            sorted(value).forEach((name, field) -> parts.add(Scalars.shown(name) + ":" + goSyntax(field)));
        }
        return goType(value) + "{" + String.join(", ", parts) + "}";
    }

    /** As Go prints a value with {@code %v}. */
    private static String shown(JsonNode value) {
        if (!value.isContainer()) {
            return value.isString() ? value.asString() : value.isNull() ? "<nil>" : Scalars.json(Scalars.of(value));
        }
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> parts.add(shown(element)));
            return "[" + String.join(" ", parts) + "]";
        }
        sorted(value).forEach((name, field) -> parts.add(name + ":" + shown(field)));
        return "map[" + String.join(" ", parts) + "]";
    }

    private static Map<String, JsonNode> sorted(JsonNode object) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        return sorted;
    }
}
