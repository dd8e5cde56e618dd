package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.Comparison.Place;
import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares JSON trees of one type. Null is what is not there; both trees are of the type but for doubled elements. */
final class TreeComparer {
    private TreeComparer() {}

    static Comparison compare(FieldType type, JsonNode old, JsonNode now) {
        Place root = Place.root();
        compare(root, type, old, now);
        return root.result();
    }

    @SuppressWarnings("ReferenceEquality") // one tree may be made of parts of the other
    static void compare(Place at, FieldType type, JsonNode old, JsonNode now) {
        if (old == now) {
            return;
        }
        FieldType left = type.deduced(old);
        FieldType right = type.deduced(now);
        boolean leaf;
        if (now == null) {
            leaf = as(at, left, old, null);
        } else if (old == null || left.equals(right)) {
            leaf = as(at, right, old, now);
        } else {
            as(at, left, old, now);
            leaf = as(at, right, old, now);
        }
        if (!leaf) {
            if (old == null) {
                at.addedHere();
            } else if (now == null) {
                at.removedHere();
            }
        }
    }

    /** Whether it was compared as one value. */
    private static boolean as(Place at, FieldType type, JsonNode old, JsonNode now) {
        if (type.map() != null) {
            return map(at, type.map(), old, now);
        }
        if (type.scalar() != null) {
            leaf(at, old, now);
            return true;
        }
        return list(at, type.list(), old, now);
    }

    private static void leaf(Place at, JsonNode old, JsonNode now) {
        if (old == null) {
            at.addedHere();
        } else if (now == null) {
            at.removedHere();
        } else if (!same(old, now)) {
            at.modifiedHere();
        }
    }

    private static boolean map(Place at, MapType type, JsonNode old, JsonNode now) {
        boolean nothing = !hasParts(old, true) && !hasParts(now, true);
        if (type.atomic() || nothing) {
            leaf(at, old, now);
            return true;
        }
        for (String name : names(old, now)) {
            JsonNode left = field(old, name);
            JsonNode right = field(now, name);
            if (left == null || right == null || !left.equals(right)) {
                FieldType inner = type.typeOf(name);
                compare(at.at(Step.field(name)), inner == null ? FieldType.DEDUCED : inner, left, right);
            }
        }
        return false;
    }

    static boolean hasParts(JsonNode node, boolean map) {
        return node != null && (map ? node.isObject() : node.isArray()) && !node.isEmpty();
    }

    private static JsonNode field(JsonNode node, String name) {
        return node != null && node.isObject() ? node.get(name) : null;
    }

    private static Set<String> names(JsonNode old, JsonNode now) {
        Set<String> names = new LinkedHashSet<>();
        if (hasParts(old, true)) {
            names.addAll(old.propertyNames());
        }
        if (hasParts(now, true)) {
            names.addAll(now.propertyNames());
        }
        return names;
    }

    private static boolean list(Place at, ListType type, JsonNode old, JsonNode now) {
        boolean nothing = !hasParts(old, false) && !hasParts(now, false);
        if (!type.associative() || nothing) {
            leaf(at, old, now);
            return true;
        }
        Map<Step, List<JsonNode>> before = indexed(type, old);
        Map<Step, List<JsonNode>> after = indexed(type, now);
        before.forEach((step, values) -> element(at, type, step, values, after.getOrDefault(step, List.of())));
        after.forEach((step, values) -> {
            if (!before.containsKey(step)) {
                element(at, type, step, List.of(), values);
            }
        });
        return false;
    }

    static Map<Step, List<JsonNode>> indexed(ListType type, JsonNode list) {
        Map<Step, List<JsonNode>> indexed = new LinkedHashMap<>();
        if (hasParts(list, false)) {
            for (JsonNode value : list) {
                indexed.computeIfAbsent(Elements.step(type, value), step -> new ArrayList<>(1))
                        .add(value);
            }
        }
        return indexed;
    }

    private static void element(Place at, ListType type, Step step, List<JsonNode> old, List<JsonNode> now) {
        FieldType inner = type.element().get();
        if (old.size() <= 1 && now.size() <= 1) {
            compare(at.at(step), inner, first(old), first(now));
        } else if (old.size() >= 2 && now.size() >= 2) {
            // Elements that are there more than once count as one thing.
            boolean same = old.size() == now.size();
            for (int i = 0; same && i < old.size(); i++) {
                same = same(old.get(i), now.get(i));
            }
            if (!same) {
                at.modified(step);
            }
        } else if (old.size() >= 2) {
            if (!now.isEmpty()) {
                compare(at.at(step), inner, null, now.getFirst());
            }
            at.removed(step);
        } else {
            if (!old.isEmpty()) {
                compare(at.at(step), inner, old.getFirst(), null);
            }
            at.added(step);
        }
    }

    private static JsonNode first(List<JsonNode> values) {
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Numbers by their value, objects whatever their order. */
    static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            boolean whole = a.isIntegralNumber() && b.isIntegralNumber();
            return whole ? a.bigIntegerValue().equals(b.bigIntegerValue()) : a.doubleValue() == b.doubleValue();
        }
        if (a.getNodeType() != b.getNodeType()) {
            return false;
        }
        if (!a.isContainer()) {
            return a.equals(b);
        }
        if (a.size() != b.size()) {
            return false;
        }
        if (a.isArray()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        for (Map.Entry<String, JsonNode> entry : a.properties()) {
            JsonNode other = b.get(entry.getKey());
            if (other == null || !same(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }
}
