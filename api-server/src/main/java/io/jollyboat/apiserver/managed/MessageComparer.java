package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.apiserver.managed.Comparison.Place;
import io.jollyboat.codec.JsonCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Compares messages as {@link TreeComparer} would compare their JSON, without writing it: this is on the way of every
 * write. Values are as {@link Part#read} gives them; null is what is not there.
 */
@SuppressWarnings("ReferenceEquality") // JSON's null is one object, and parts that are shared need not be looked into
final class MessageComparer {
    private MessageComparer() {}

    static Comparison compare(Message old, Message now) {
        Place root = Place.root();
        object(root, Shape.of(now.getDescriptorForType()), old, now);
        return root.result();
    }

    private static void object(Place at, Shape shape, Message old, Message now) {
        boolean empty = true;
        for (Part part : shape.parts) {
            Object left = part.read(old);
            Object right = part.read(now);
            if (left != null || right != null) {
                empty = false;
                part(at, part, left, right);
            }
        }
        // An empty object is told from none, and counts as set either way.
        if (old == null) {
            at.addedHere();
        } else if (now == null) {
            at.removedHere();
        } else if (empty) {
            return;
        }
    }

    private static void part(Place at, Part part, Object left, Object right) {
        if (left == right) {
            return;
        }
        if (part.map) {
            map(at, part, left, right);
        } else if (part.repeated) {
            list(at, part, left, right);
        } else {
            value(at, part, part.step, left, right, part.atomic);
        }
    }

    private static void value(Place at, Part part, Step step, Object left, Object right, boolean atomic) {
        switch (part.form) {
            case SCALAR, VALUE -> leaf(at, step, left, right, same(part, left, right));
            case TREE -> TreeComparer.compare(at.at(step), FieldType.DEDUCED, tree(left), tree(right));
            case OBJECT -> {
                if (left != null && left.equals(right)) {
                    return;
                }
                if (atomic || part.shape().atomic) {
                    leaf(at, step, left, right, same(part, left, right));
                } else if (left == Part.NULL || right == Part.NULL) {
                    nullable(at.at(step), part, left, right);
                } else {
                    object(at.at(step), part.shape(), (Message) left, (Message) right);
                }
            }
        }
    }

    /** One side is JSON's null, which is something, but has no fields. */
    private static void nullable(Place at, Part part, Object left, Object right) {
        Message old = left instanceof Message message ? message : null;
        Message now = right instanceof Message message ? message : null;
        boolean fields = false;
        for (Part inner : part.shape().parts) {
            Object a = inner.read(old);
            Object b = inner.read(now);
            if (a != null || b != null) {
                fields = true;
                part(at, inner, a, b);
            }
        }
        if (left == null) {
            at.addedHere();
        } else if (right == null) {
            at.removedHere();
        } else if (!fields) {
            at.modifiedHere();
        }
    }

    private static void leaf(Place at, Step step, Object left, Object right, boolean same) {
        if (left == null) {
            at.added(step);
        } else if (right == null) {
            at.removed(step);
        } else if (!same) {
            at.modified(step);
        }
    }

    private static void map(Place at, Part part, Object left, Object right) {
        if (left != null && left.equals(right)) {
            return;
        }
        Map<?, ?> old = left instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> now = right instanceof Map<?, ?> map ? map : Map.of();
        if (part.atomic || (old.isEmpty() && now.isEmpty())) {
            leaf(at, part.step, left, right, same(part, old, now));
            return;
        }
        Place inside = at.at(part.step);
        for (Map.Entry<?, ?> entry : old.entrySet()) {
            Object other = now.get(entry.getKey());
            if (!Objects.equals(entry.getValue(), other)) {
                value(inside, part, Step.field((String) entry.getKey()), entry.getValue(), other, false);
            }
        }
        for (Map.Entry<?, ?> entry : now.entrySet()) {
            if (!old.containsKey(entry.getKey())) {
                value(inside, part, Step.field((String) entry.getKey()), null, entry.getValue(), false);
            }
        }
        whole(inside, left, right);
    }

    private static void whole(Place inside, Object left, Object right) {
        if (left == null) {
            inside.addedHere();
        } else if (right == null) {
            inside.removedHere();
        }
    }

    private static void list(Place at, Part part, Object left, Object right) {
        if (left != null && left.equals(right)) {
            return;
        }
        List<?> old = left instanceof List<?> list ? list : List.of();
        List<?> now = right instanceof List<?> list ? list : List.of();
        if (part.lists == Declared.Lists.ATOMIC || (old.isEmpty() && now.isEmpty())) {
            leaf(at, part.step, left, right, same(part, old, now));
            return;
        }
        Place inside = at.at(part.step);
        elements(inside, part, old, now);
        whole(inside, left, right);
    }

    private static void elements(Place inside, Part part, List<?> old, List<?> now) {
        if (old.isEmpty() && now.size() == 1) {
            value(inside, part, element(part, now.getFirst()), null, now.getFirst(), false);
            return;
        }
        Map<Step, List<Object>> before = indexed(part, old);
        Map<Step, List<Object>> after = indexed(part, now);
        before.forEach((step, values) -> element(inside, part, step, values, after.getOrDefault(step, List.of())));
        after.forEach((step, values) -> {
            if (!before.containsKey(step)) {
                element(inside, part, step, List.of(), values);
            }
        });
    }

    private static Map<Step, List<Object>> indexed(Part part, List<?> list) {
        Map<Step, List<Object>> indexed = LinkedHashMap.newLinkedHashMap(list.size());
        for (Object value : list) {
            Step step = element(part, value);
            List<Object> others = indexed.putIfAbsent(step, List.of(value));
            if (others != null) {
                List<Object> all = new ArrayList<>(others);
                all.add(value);
                indexed.put(step, all);
            }
        }
        return indexed;
    }

    private static void element(Place inside, Part part, Step step, List<Object> old, List<Object> now) {
        if (old.size() <= 1 && now.size() <= 1) {
            Object left = old.isEmpty() ? null : old.getFirst();
            Object right = now.isEmpty() ? null : now.getFirst();
            if (!Objects.equals(left, right)) {
                value(inside, part, step, left, right, false);
            }
            return;
        }
        // Elements that are there more than once count as one thing.
        if (old.size() >= 2 && now.size() >= 2) {
            if (!old.equals(now)) {
                inside.modified(step);
            }
        } else if (old.size() >= 2) {
            if (!now.isEmpty()) {
                value(inside, part, step, null, now.getFirst(), false);
            }
            inside.removed(step);
        } else {
            if (!old.isEmpty()) {
                value(inside, part, step, old.getFirst(), null, false);
            }
            inside.added(step);
        }
    }

    private static Step element(Part part, Object value) {
        if (part.lists == Declared.Lists.SET) {
            return Step.value(scalar(value));
        }
        Part.Key[] keys = part.keys;
        Step.Key[] values = new Step.Key[keys.length];
        int count = 0;
        for (Part.Key key : keys) {
            Object given = key.part().read((Message) value);
            if (given != null) {
                values[count++] = new Step.Key(key.name(), scalar(given));
            } else if (key.defaultValue() != null) {
                values[count++] = new Step.Key(key.name(), key.defaultValue());
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("an element omits all its keys");
        }
        return Step.keys(List.of(count == values.length ? values : Arrays.copyOf(values, count)));
    }

    private static Object scalar(Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case ByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
            case Object other when other == Part.NULL -> null;
            default -> value;
        };
    }

    private static JsonNode tree(Object value) {
        return value == null ? null : value == Part.NULL ? NullNode.instance : FreeForms.tree((Message) value);
    }

    /** Whether the JSON is the same: the messages may differ in whether they say that a field is zero. */
    private static boolean same(Part part, Object left, Object right) {
        if (left == null || right == null) {
            return false;
        }
        if (left.equals(right)) {
            return true;
        }
        if (part.type == null) {
            return false;
        }
        return switch (left) {
            case Message a
            when right instanceof Message b ->
                Arrays.equals(JsonCodec.encode(a, null, null), JsonCodec.encode(b, null, null));
            case List<?> a
            when right instanceof List<?> b -> {
                boolean same = a.size() == b.size();
                for (int i = 0; same && i < a.size(); i++) {
                    same = same(part, a.get(i), b.get(i));
                }
                yield same;
            }
            case Map<?, ?> a
            when right instanceof Map<?, ?> b -> {
                Map<Object, Object> rest = new HashMap<>(b);
                boolean same = a.size() == b.size();
                for (Map.Entry<?, ?> entry : a.entrySet()) {
                    same = same && same(part, entry.getValue(), rest.get(entry.getKey()));
                }
                yield same;
            }
            default -> false;
        };
    }
}
