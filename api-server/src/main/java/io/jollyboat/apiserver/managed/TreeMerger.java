package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lays what is applied over what is there. Nothing goes; a field that both set has the applied value. Results share
 * parts with both trees.
 */
final class TreeMerger {
    private TreeMerger() {}

    /** Null where nothing results. */
    static JsonNode merge(FieldType type, JsonNode live, JsonNode applied) {
        FieldType left = type.deduced(live);
        FieldType right = type.deduced(applied);
        return as(applied == null ? left : right, live, applied);
    }

    private static JsonNode as(FieldType type, JsonNode live, JsonNode applied) {
        if (type.map() != null) {
            return map(type.map(), live, applied);
        }
        if (type.scalar() != null) {
            return leaf(live, applied);
        }
        return list(type.list(), live, applied);
    }

    private static JsonNode leaf(JsonNode live, JsonNode applied) {
        return applied != null ? applied : live;
    }

    private static JsonNode map(MapType type, JsonNode live, JsonNode applied) {
        boolean nothing = !TreeComparer.hasParts(live, true) && !TreeComparer.hasParts(applied, true);
        if (type.atomic() || nothing) {
            return leaf(live, applied);
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode side : new JsonNode[] {live, applied}) {
            if (side != null && side.isObject()) {
                names.addAll(side.propertyNames());
            }
        }
        for (String name : names) {
            JsonNode left = live != null && live.isObject() ? live.get(name) : null;
            JsonNode right = applied != null && applied.isObject() ? applied.get(name) : null;
            FieldType inner = type.typeOf(name);
            JsonNode merged = merge(inner == null ? FieldType.DEDUCED : inner, left, right);
            if (merged != null) {
                result.set(name, merged);
            }
        }
        return result.isEmpty() ? null : result;
    }

    private static JsonNode list(ListType type, JsonNode live, JsonNode applied) {
        boolean nothing = !TreeComparer.hasParts(live, false) && !TreeComparer.hasParts(applied, false);
        if (!type.associative() || nothing) {
            return leaf(live, applied);
        }
        return new ListMerge(type, live, applied).run();
    }

    /**
     * Elements stand as in the live list where the applied one does not order them otherwise; what is only in one stands
     * near its neighbours there.
     */
    private static final class ListMerge {
        private final FieldType element;
        private final List<JsonNode> live = new ArrayList<>();
        private final List<Step> left = new ArrayList<>();
        private final List<Step> right = new ArrayList<>();
        private final Map<Step, JsonNode> liveByStep = new HashMap<>();
        private final Map<Step, JsonNode> appliedByStep = new HashMap<>();
        private final Set<Step> done = new HashSet<>();
        private final List<Step> shared = new ArrayList<>();
        private final ArrayNode out = JsonNodeFactory.instance.arrayNode();
        private int nextShared;

        ListMerge(ListType type, JsonNode old, JsonNode now) {
            element = type.element().get();
            if (TreeComparer.hasParts(old, false)) {
                for (JsonNode value : old) {
                    Step step = Elements.step(type, value);
                    live.add(value);
                    left.add(step);
                    // What is there twice is not merged with.
                    liveByStep.put(step, liveByStep.containsKey(step) ? null : value);
                }
            }
            if (TreeComparer.hasParts(now, false)) {
                for (JsonNode value : now) {
                    Step step = Elements.step(type, value);
                    right.add(step);
                    appliedByStep.put(step, value);
                    if (liveByStep.containsKey(step)) {
                        shared.add(step);
                    }
                }
            }
        }

        JsonNode run() {
            int l = 0;
            int r = 0;
            while (l < left.size() || r < right.size()) {
                if (l < left.size() && r < right.size()) {
                    Step step = left.get(l);
                    if (step.equals(right.get(r))) {
                        merged(step);
                        l++;
                        r++;
                        nextShared++;
                        continue;
                    }
                    boolean other = nextShared < shared.size()
                            && !shared.get(nextShared).equals(step);
                    if (appliedByStep.containsKey(step) && other) {
                        l++;
                        continue;
                    }
                }
                if (l < left.size()) {
                    Step step = left.get(l);
                    if (!appliedByStep.containsKey(step)) {
                        add(merge(element, live.get(l), null));
                        l++;
                        continue;
                    }
                    if (done.contains(step)) {
                        l++;
                    }
                }
                if (r < right.size()) {
                    Step step = right.get(r);
                    merged(step);
                    r++;
                    if (nextShared < shared.size() && shared.get(nextShared).equals(step)) {
                        nextShared++;
                    }
                }
            }
            return out.isEmpty() ? null : out;
        }

        private void merged(Step step) {
            done.add(step);
            add(merge(element, liveByStep.get(step), appliedByStep.get(step)));
        }

        private void add(JsonNode value) {
            if (value != null) {
                out.add(value);
            }
        }
    }
}
