package io.jollyboat.cel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Literals of lists, maps and objects, and membership in constant lists. */
final class AggregateNodes {

    static final int LIST_COST = 10;
    static final int MAP_COST = 30;
    static final int STRUCT_COST = 40;

    private AggregateNodes() {}

    /** One entry of a literal; lists have no key. */
    record Entry(Node key, Node value, boolean optional) {}

    static final class ListNode extends Node {
        private final List<Entry> elements;

        ListNode(List<Entry> elements) {
            this.elements = elements;
        }

        @Override
        Object eval(Frame frame) {
            List<Object> values = new ArrayList<>(elements.size());
            for (Entry element : elements) {
                Object value = element.value().eval(frame);
                if (element.optional()) {
                    if (!(value instanceof Optional<?> optional)) {
                        throw new EvalError("cannot initialize optional list element from non-optional value " + value);
                    }
                    if (optional.isEmpty()) {
                        continue;
                    }
                    value = optional.get();
                }
                values.add(value);
            }
            frame.charge(LIST_COST);
            return values;
        }
    }

    static final class MapNode extends Node {
        private final String typeName;
        private final List<Entry> entries;

        /** A map for the type name "map", else an object of that type. */
        MapNode(String typeName, List<Entry> entries) {
            this.typeName = typeName;
            this.entries = entries;
        }

        @Override
        Object eval(Frame frame) {
            MapValue map = new MapValue(typeName);
            for (Entry entry : entries) {
                Object key = entry.key().eval(frame);
                Object value = entry.value().eval(frame);
                if (entry.optional()) {
                    if (!(value instanceof Optional<?> optional)) {
                        throw new EvalError(
                                "cannot initialize optional entry '" + key + "' from non-optional value " + value);
                    }
                    if (optional.isEmpty()) {
                        continue;
                    }
                    value = optional.get();
                }
                map.put(key, value);
            }
            frame.charge(typeName.equals("map") ? MAP_COST : STRUCT_COST);
            return map;
        }
    }

    /** {@code x in [constants]}, which costs nothing but x. */
    static final class InConstants extends Node {
        private final Node element;
        private final Set<Object> constants;

        InConstants(Node element, List<?> constants) {
            this.element = element;
            this.constants = new HashSet<>();
            constants.forEach(c -> this.constants.add(Numbers.key(c)));
        }

        @Override
        Object eval(Frame frame) {
            return constants.contains(Numbers.key(element.eval(frame)));
        }
    }
}
