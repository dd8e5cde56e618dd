package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.Others;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Lists that are sets or maps hold no element twice. */
final class ListRules {
    private final PathText path = new PathText("");
    private final List<FieldError> errors = new ArrayList<>();

    private ListRules() {}

    static List<FieldError> check(JsonNode value, SchemaNode schema) {
        ListRules rules = new ListRules();
        rules.walk(value, schema);
        return rules.errors;
    }

    /** Stricter than the rules of sets: {@code 1} is not {@code 1.0}, however deep. */
    static boolean hasTwins(JsonNode list) {
        Map<String, List<JsonNode>> alike = HashMap.newHashMap(list.size());
        for (JsonNode element : list) {
            List<JsonNode> others = alike.computeIfAbsent(GoJson.of(element), _ -> new ArrayList<>());
            if (others.stream().anyMatch(other -> Equality.same(other, element))) {
                return true;
            }
            others.add(element);
        }
        return false;
    }

    private void walk(JsonNode value, SchemaNode schema) {
        if (schema == null || !schema.hasLists) {
            return;
        }
        int here = path.length();
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                SchemaNode named = schema.shape.properties().get(field.getKey());
                if (named != null) {
                    path.field(field.getKey());
                    walk(field.getValue(), named);
                } else if (schema.shape.others() == Others.TYPED) {
                    path.key(field.getKey());
                    walk(field.getValue(), schema.shape.additional());
                }
                path.cut(here);
            }
        } else if (value.isArray()) {
            list(value, schema);
            for (int i = 0; i < value.size(); i++) {
                path.index(i);
                walk(value.get(i), schema.shape.items());
                path.cut(here);
            }
        }
    }

    private void list(JsonNode list, SchemaNode schema) {
        switch (schema.shape.listType()) {
            case SET -> {
                List<String> elements = new ArrayList<>(list.size());
                list.forEach(element -> elements.add(identity(element)));
                repeated(elements).forEach(i -> errors.add(FieldError.duplicate(at(i), GoJson.shown(list.get(i)))));
            }
            case MAP -> map(list, schema.shape.mapKeys());
            case ATOMIC -> {}
        }
    }

    private void map(JsonNode list, List<String> names) {
        List<String> identities = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            if (!element.isObject() && !element.isNull()) {
                errors.add(FieldError.invalid(
                        at(i), GoJson.shown(element), "must be an object for an array of list-type map"));
                return;
            }
            identities.add(identity(element, names));
        }
        for (int i : repeated(identities)) {
            Map<String, JsonNode> keys = new TreeMap<>();
            names.forEach(name -> {
                if (list.get(i).has(name)) {
                    keys.put(name, list.get(i).get(name));
                }
            });
            errors.add(FieldError.duplicate(at(i), GoJson.shown(keys)));
        }
    }

    private String at(int index) {
        return path + "[" + index + "]";
    }

    private static String identity(JsonNode element, List<String> names) {
        StringBuilder identity = new StringBuilder();
        for (String name : names) {
            JsonNode key = element.get(name);
            identity.append(key == null ? "" : identity(key)).append('\n');
        }
        return identity.toString();
    }

    /** Equal for equal values: JSON has no raw line break, and floats are told from integers. */
    private static String identity(JsonNode element) {
        return Kind.of(element) == Kind.NUMBER ? "f" + element.doubleValue() : GoJson.of(element);
    }

    /** The second place of each that is there more than once. */
    private static List<Integer> repeated(List<String> elements) {
        Map<String, Integer> times = HashMap.newHashMap(elements.size());
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (times.merge(elements.get(i), 1, Integer::sum) == 2) {
                found.add(i);
            }
        }
        return found;
    }
}
