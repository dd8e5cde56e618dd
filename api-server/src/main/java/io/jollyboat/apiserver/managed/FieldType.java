package io.jollyboat.apiserver.managed;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * What a value may be, as merging sees it: a scalar, a list, a map, or several of them where the value decides. Objects
 * with declared fields are maps.
 *
 * @param scalar null where it may be none
 * @param list likewise
 * @param map likewise
 */
record FieldType(Scalar scalar, ListType list, MapType map) {
    /** The types of scalars. */
    enum Scalar {
        STRING,
        NUMBER,
        BOOLEAN,
        ANY
    }

    /**
     * @param associative its elements are told apart, by the keys or, without any, by their values; else the list is one
     *     value
     */
    record ListType(Supplier<FieldType> element, boolean associative, List<String> keys) {}

    /**
     * @param fields declared ones
     * @param element of fields that are not declared; null where there may be none
     * @param atomic the map is one value
     */
    record MapType(Map<String, Field> fields, Supplier<FieldType> element, boolean atomic) {
        /** Null for a field that may not be. */
        FieldType typeOf(String name) {
            Field field = fields.get(name);
            if (field != null) {
                return field.type.get();
            }
            return element == null ? null : element.get();
        }
    }

    /** @param defaultValue as a {@link Scalars} value, null for none */
    record Field(Supplier<FieldType> type, Object defaultValue) {}

    static final FieldType STRING = new FieldType(Scalar.STRING, null, null);
    static final FieldType NUMBER = new FieldType(Scalar.NUMBER, null, null);
    static final FieldType BOOLEAN = new FieldType(Scalar.BOOLEAN, null, null);
    static final FieldType SCALAR = new FieldType(Scalar.ANY, null, null);

    /** Anything, as one value. */
    static final FieldType WHOLE = new FieldType(
            Scalar.ANY,
            new ListType(() -> FieldType.WHOLE, false, List.of()),
            new MapType(Map.of(), () -> FieldType.WHOLE, true));

    /** Anything: maps by their fields, lists as one value. */
    static final FieldType DEDUCED = new FieldType(
            Scalar.ANY,
            new ListType(() -> FieldType.WHOLE, false, List.of()),
            new MapType(Map.of(), () -> FieldType.DEDUCED, false));

    static FieldType of(ListType list) {
        return new FieldType(null, list, null);
    }

    static FieldType of(MapType map) {
        return new FieldType(null, null, map);
    }

    /** The type with a map as one value. */
    FieldType whole() {
        return map == null || map.atomic
                ? this
                : new FieldType(scalar, list, new MapType(map.fields, map.element, true));
    }

    /** Reduced to what the value is; all of it for null, and where the value is nothing that it may be. */
    FieldType deduced(JsonNode value) {
        if (value == null || (scalar == null ? 0 : 1) + (list == null ? 0 : 1) + (map == null ? 0 : 1) == 1) {
            return this;
        }
        if (value.isObject()) {
            return map == null ? this : of(map);
        }
        if (value.isArray()) {
            return list == null ? this : of(list);
        }
        return value.isNull() || scalar == null ? this : new FieldType(scalar, null, null);
    }

    /** Whether the value alone decides. */
    boolean isDeduced() {
        return scalar != null && list != null && map != null && map.fields.isEmpty();
    }

    boolean declares(Step step) {
        return map != null && step.kind() == Step.Kind.FIELD && map.fields.containsKey(step.name());
    }

    /** The type of what the step leads to; null where there is none. */
    FieldType below(Step step) {
        return switch (step.kind()) {
            case FIELD -> map == null ? null : map.typeOf(step.name());
            case KEYS -> list == null ? null : list.element.get();
            case VALUE, INDEX -> null;
        };
    }
}
