package io.jollyboat.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A variable or another value, and the selections made on it: {@code a.b[c].?d}. The start and each selection cost one unit;
 * the start costs nothing where the whole is a branch of a conditional or an index of another attribute, or only tested.
 */
final class AttributeNode extends Node {

    /** One selection: a constant key or a computed one. */
    record Qualifier(Object key, Node computed, boolean optional, boolean test) {

        static Qualifier constant(Object key, boolean optional, boolean test) {
            return new Qualifier(key, null, optional, test);
        }

        static Qualifier computed(Node node, boolean optional) {
            return new Qualifier(null, node, optional, false);
        }

        Object key(Frame frame) {
            return computed == null
                    ? key
                    : computed instanceof AttributeNode a ? a.resolve(frame) : computed.eval(frame);
        }
    }

    private final Root root;
    private final Qualifier[] qualifiers;
    private final boolean testOnly;

    AttributeNode(Root root, List<Qualifier> qualifiers) {
        this.root = root;
        this.qualifiers = qualifiers.toArray(Qualifier[]::new);
        this.testOnly = !qualifiers.isEmpty() && qualifiers.getLast().test();
    }

    /** The same attribute with one more selection. */
    AttributeNode with(Qualifier qualifier) {
        List<Qualifier> all = new ArrayList<>(List.of(qualifiers));
        all.add(qualifier);
        return new AttributeNode(root, all);
    }

    boolean isTest() {
        return testOnly;
    }

    @Override
    Object eval(Frame frame) {
        Object value = resolve(frame);
        if (!testOnly && root.costs()) {
            frame.charge(1);
        }
        return value;
    }

    /** The value, without the cost of the start. */
    Object resolve(Frame frame) {
        Object value = root.value(frame);
        if (qualifiers.length == 0) {
            return value;
        }
        boolean optional = false;
        if (value instanceof Optional<?> start) {
            if (start.isEmpty()) {
                return testOnly ? (Object) false : start;
            }
            value = start.get();
            optional = true;
        }
        for (Qualifier qualifier : qualifiers) {
            optional |= qualifier.optional();
            Object key = qualifier.key(frame);
            if (qualifier.test() || !optional) {
                frame.charge(1);
            }
            Object selected = select(value, key, optional || qualifier.test());
            if (qualifier.test()) {
                return selected != null;
            }
            if (selected == null) {
                return Optional.empty();
            }
            if (optional) {
                frame.charge(1);
            }
            value = selected;
        }
        return optional ? Optional.of(value) : value;
    }

    /** The selected value; null where it is absent and may be. */
    private static Object select(Object value, Object key, boolean mayBeAbsent) {
        Object selected = switch (value) {
            case Map<?, ?> map -> Values.find(map, key);
            case List<?> list -> element(list, key);
            case null, default -> null;
        };
        if (selected == null && !mayBeAbsent) {
            throw new EvalError((value instanceof List<?> ? "index out of bounds: " : "no such key: ") + shown(key));
        }
        return selected;
    }

    private static Object element(List<?> list, Object key) {
        Object index = Numbers.key(key);
        if (index instanceof Long i) {
            return i >= 0 && i < list.size() ? list.get(i.intValue()) : null;
        }
        if (key instanceof Double d) {
            throw new EvalError("unsupported index value " + GoNumbers.shortest(d) + " in list");
        }
        throw new EvalError("unsupported index type '" + Values.typeName(key) + "' in list");
    }

    private static String shown(Object key) {
        return key instanceof Double d ? GoNumbers.shortest(d) : String.valueOf(key);
    }

    /** Where an attribute starts. */
    sealed interface Root {
        Object value(Frame frame);

        default boolean costs() {
            return true;
        }
    }

    /** A declared variable. */
    record Global(int slot, String name) implements Root {
        @Override
        public Object value(Frame frame) {
            return frame.global(slot, name);
        }
    }

    /** An iteration variable, or an accumulator that is given its first value when first read. */
    record Local(int slot, Node init, boolean accumulates) implements Root {
        @Override
        public Object value(Frame frame) {
            Object value = frame.locals[slot];
            if (value == null) {
                value = init.eval(frame);
                if (accumulates && value instanceof List<?>) {
                    value = new Operators.Accumulator();
                } else if (accumulates && value instanceof Map<?, ?>) {
                    value = new MapValue();
                }
                frame.locals[slot] = value;
            }
            if (value instanceof EvalError error) {
                throw error;
            }
            return value;
        }
    }

    /** The result of another step. */
    record Relative(Node operand) implements Root {
        @Override
        public Object value(Frame frame) {
            return operand.eval(frame);
        }
    }

    /** A conditional: selections go to the chosen branch. */
    record Conditional(Node condition, Node truthy, Node falsy) implements Root {
        @Override
        public Object value(Frame frame) {
            if (!(condition.eval(frame) instanceof Boolean choice)) {
                throw EvalError.noSuchOverload();
            }
            Node branch = choice ? truthy : falsy;
            return branch instanceof AttributeNode attribute ? attribute.resolve(frame) : branch.eval(frame);
        }

        @Override
        public boolean costs() {
            return false;
        }
    }
}
