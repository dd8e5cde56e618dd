package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import dev.cel.common.types.CelType;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What all values have in common: where they come from, their types, sizes and equality. */
public final class Values {

    private Values() {}

    /** A value from a JSON tree (whole numbers as int, others as double); other objects are taken as they are. */
    public static Object of(Object value) {
        if (!(value instanceof JsonNode node)) {
            return value == null ? Null.NULL : value;
        }
        return switch (node.getNodeType()) {
            case OBJECT -> new JsonMap(node);
            case ARRAY -> new JsonList(node);
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case NULL, MISSING, BINARY, POJO -> Null.NULL;
        };
    }

    private static Object number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.doubleValue();
    }

    /** The name of a value's type as errors show it. */
    static String typeName(Object value) {
        return switch (value) {
            case Boolean b -> "bool";
            case Long l -> "int";
            case UnsignedLong u -> "uint";
            case Double d -> "double";
            case String s -> "string";
            case ByteString b -> "bytes";
            case Instant t -> "google.protobuf.Timestamp";
            case Duration d -> "google.protobuf.Duration";
            case Null n -> "null_type";
            case OpaqueValue o -> o.typeName();
            case List<?> l -> "list";
            case Map<?, ?> m -> "map";
            case Optional<?> o -> "optional_type";
            case CelType t -> "type";
            default -> value.getClass().getSimpleName();
        };
    }

    /** What {@code size} gives, or -1 for a value without a size. */
    static long size(Object value) {
        return switch (value) {
            case String s -> s.codePointCount(0, s.length());
            case ByteString b -> b.size();
            case List<?> l -> l.size();
            case Map<?, ?> m -> m.size();
            default -> -1;
        };
    }

    /** The size that costs are computed from: 1 for whatever has none. */
    static long costSize(Object value) {
        if (value instanceof OpaqueValue opaque) {
            return opaque.costSize();
        }
        if (value instanceof Optional<?> optional && optional.isPresent()) {
            return costSize(optional.get());
        }
        long size = size(value);
        return size < 0 ? 1 : size;
    }

    /** Equality over all types; numbers of different types are equal by value. */
    public static boolean equal(Object a, Object b) {
        if (a instanceof String || a instanceof Boolean) {
            return a.equals(b);
        }
        if (Numbers.isNumber(a)) {
            return Numbers.isNumber(b) && Numbers.equal(a, b);
        }
        return switch (a) {
            case SchemaList list when b instanceof List<?> other -> list.equalTo(other);
            case List<?> list -> b instanceof List<?> other && listsEqual(list, other);
            case Map<?, ?> map -> b instanceof Map<?, ?> other && mapsEqual(map, other);
            case Optional<?> optional -> b instanceof Optional<?> other && optionalsEqual(optional, other);
            case CelType type -> b instanceof CelType other && Types.sameKind(type, other);
            default -> a.equals(b);
        };
    }

    private static boolean optionalsEqual(Optional<?> a, Optional<?> b) {
        return a.isPresent() == b.isPresent() && (a.isEmpty() || equal(a.get(), b.get()));
    }

    static boolean listsEqual(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> other = b.iterator();
        for (Object element : a) {
            if (!equal(element, other.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean mapsEqual(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = find(b, entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** The value under a key, or null; whole numbers find keys of every number type. */
    static Object find(Map<?, ?> map, Object key) {
        if (map instanceof SchemaMap && !(key instanceof String)) {
            throw EvalError.noSuchOverload();
        }
        return map.get(map instanceof MapValue ? key : Numbers.key(key));
    }

    static boolean isZero(Object value) {
        return switch (value) {
            case Boolean b -> !b;
            case Long l -> l == 0;
            case UnsignedLong u -> u.bigIntegerValue().equals(BigInteger.ZERO);
            case Double d -> d == 0;
            case String s -> s.isEmpty();
            case ByteString b -> b.isEmpty();
            case Duration d -> d.isZero();
            case Instant t -> t.equals(TimeFunctions.ZERO);
            case Null n -> true;
            case List<?> l -> l.isEmpty();
            case Map<?, ?> m -> m.isEmpty();
            case Optional<?> o -> o.isEmpty();
            default -> false;
        };
    }

    /** A JSON tree with a value's content, for results that go back into objects. */
    public static JsonNode toJson(Object value) {
        return JsonResults.of(value);
    }
}
