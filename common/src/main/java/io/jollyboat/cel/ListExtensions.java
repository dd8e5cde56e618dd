package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.BYTES;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.DURATION;
import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;
import static dev.cel.common.types.SimpleType.TIMESTAMP;
import static dev.cel.common.types.SimpleType.UINT;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.TypeParamType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** cel-go's list extension, version 3, and what two-variable comprehensions insert into maps with. */
final class ListExtensions {

    private static final TypeParamType T = TypeParamType.create("T");
    private static final ListType LIST = ListType.create(T);
    private static final int MAX_RANGE = 1_000_000;

    private ListExtensions() {}

    static void declare(Declarations to) {
        to.member("slice", "list_slice", LIST, a -> slice((List<?>) a[0], (Long) a[1], (Long) a[2]), LIST, INT, INT);
        to.member("flatten", "list_flatten", LIST, a -> flatten((List<?>) a[0], 1), ListType.create(LIST));
        to.member(
                "flatten",
                "list_flatten_int",
                ListType.create(DYN),
                a -> flatten((List<?>) a[0], (Long) a[1]),
                ListType.create(DYN),
                INT);
        to.member("reverse", "list_reverse", LIST, a -> reverse((List<?>) a[0]), LIST);
        to.member("distinct", "list_distinct", LIST, a -> distinct((List<?>) a[0]), LIST);
        to.global("lists.range", "lists_range", ListType.create(INT), a -> range((Long) a[0]), INT);
        for (CelType type : List.of(INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES)) {
            ListType keys = ListType.create(type);
            to.member("sort", "list_" + type.name() + "_sort", keys, a -> sort((List<?>) a[0], (List<?>) a[0]), keys);
            to.member(
                    Macros.SORT_BY,
                    "list_" + type.name() + "_sortByAssociatedKeys",
                    LIST,
                    a -> sort((List<?>) a[0], (List<?>) a[1]),
                    LIST,
                    keys);
        }
        TypeParamType k = TypeParamType.create("K");
        TypeParamType v = TypeParamType.create("V");
        MapType map = MapType.create(k, v);
        to.global(
                "cel.@mapInsert",
                "@mapInsert_map_map",
                map,
                a -> insertAll((Map<?, ?>) a[0], (Map<?, ?>) a[1]),
                map,
                map);
        to.global(
                "cel.@mapInsert",
                "@mapInsert_map_key_value",
                map,
                a -> insert((Map<?, ?>) a[0], a[1], a[2]),
                map,
                k,
                v);
    }

    private static List<Object> slice(List<?> list, long start, long end) {
        String call = "cannot slice(" + start + ", " + end + "), ";
        if (start < 0 || end < 0) {
            throw new EvalError(call + "negative indexes not supported");
        }
        if (start > end) {
            throw new EvalError(call + "start index must be less than or equal to end index");
        }
        if (list.size() < end) {
            throw new EvalError(call + "list is length " + list.size());
        }
        return new ArrayList<>(list.subList((int) start, (int) end));
    }

    private static List<Object> flatten(List<?> list, long depth) {
        if (depth < 0) {
            throw new EvalError("level must be non-negative");
        }
        List<Object> flat = new ArrayList<>();
        for (Object element : list) {
            if (depth > 0 && element instanceof List<?> nested) {
                flat.addAll(flatten(nested, depth - 1));
            } else {
                flat.add(element);
            }
        }
        return flat;
    }

    private static List<Object> reverse(List<?> list) {
        List<Object> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<Object> distinct(List<?> list) {
        List<Object> unique = new ArrayList<>();
        for (Object element : list) {
            if (unique.stream().noneMatch(seen -> Values.equal(element, seen))) {
                unique.add(element);
            }
        }
        return unique;
    }

    /** Longer ranges would cost more than any limit allows; memory is not taken for them first. */
    private static List<Object> range(long size) {
        if (size > MAX_RANGE) {
            throw new CostLimitExceeded();
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static List<Object> sort(List<?> list, List<?> keys) {
        if (list.size() != keys.size()) {
            throw new EvalError(
                    Macros.SORT_BY + "() expected a list of the same size as the associated keys list, but got "
                            + list.size() + " and " + keys.size() + " elements respectively");
        }
        if (list.isEmpty()) {
            return List.of();
        }
        Object first = keys.getFirst();
        if (first instanceof List || first instanceof Map || first instanceof Null || first instanceof OpaqueValue) {
            throw new EvalError("list elements must be comparable");
        }
        if (keys.stream().anyMatch(key -> !key.getClass().equals(first.getClass()))) {
            throw new EvalError("list elements must have the same type");
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            order.add(i);
        }
        order.sort((a, b) -> Operators.compare("sort", keys.get(a), keys.get(b)));
        List<Object> sorted = new ArrayList<>(list.size());
        order.forEach(i -> sorted.add(list.get(i)));
        return sorted;
    }

    /** Comprehensions own the map they fill. */
    private static Map<?, ?> insert(Map<?, ?> map, Object key, Object value) {
        MapValue target = owned(map);
        if (target.containsKey(key)) {
            throw new EvalError("insert failed: key " + key + " already exists");
        }
        target.put(key, value);
        return target;
    }

    private static Map<?, ?> insertAll(Map<?, ?> map, Map<?, ?> entries) {
        Map<?, ?> target = owned(map);
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            target = insert(target, entry.getKey(), entry.getValue());
        }
        return target;
    }

    private static MapValue owned(Map<?, ?> map) {
        if (map instanceof MapValue own) {
            return own;
        }
        MapValue copy = new MapValue();
        map.forEach(copy::put);
        return copy;
    }
}
