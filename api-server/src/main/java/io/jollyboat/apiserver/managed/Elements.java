package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.FieldType.ListType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** How the elements of an associative list are told apart. */
final class Elements {
    private Elements() {}

    /**
     * @throws IllegalArgumentException for an element that cannot be told from others
     */
    static Step step(ListType list, JsonNode element) {
        return list.keys().isEmpty() ? ofValue(element) : ofKeys(list, element);
    }

    private static Step ofKeys(ListType list, JsonNode element) {
        if (element.isNull()) {
            throw new IllegalArgumentException("associative list with keys may not have a null element");
        }
        if (!element.isObject()) {
            throw new IllegalArgumentException("associative list with keys may not have non-map elements");
        }
        FieldType type = list.element().get();
        List<Step.Key> keys = new ArrayList<>(list.keys().size());
        for (String name : list.keys()) {
            JsonNode value = element.get(name);
            if (value != null) {
                keys.add(new Step.Key(name, Scalars.of(value)));
                continue;
            }
            if (type.map() == null) {
                throw new IllegalArgumentException(
                        "couldn't find default value for " + name + ": associative list may not have non-map types");
            }
            FieldType.Field field = type.map().fields().get(name);
            if (field != null && field.defaultValue() != null) {
                keys.add(new Step.Key(name, field.defaultValue()));
            }
        }
        if (keys.isEmpty()) {
            String names = list.keys().stream().map(Scalars::shown).collect(Collectors.joining(" ", "[", "]"));
            throw new IllegalArgumentException("associative list with keys has an element that omits all key fields "
                    + names + " (and doesn't have default values for any key fields)");
        }
        return Step.keys(keys);
    }

    private static Step ofValue(JsonNode element) {
        if (element.isObject()) {
            throw new IllegalArgumentException("associative list without keys has an element that's a map type");
        }
        if (element.isArray()) {
            throw new IllegalArgumentException("not supported: associative list with lists as elements");
        }
        if (element.isNull()) {
            throw new IllegalArgumentException("associative list without keys has an element that's an explicit null");
        }
        return Step.value(Scalars.of(element));
    }
}
