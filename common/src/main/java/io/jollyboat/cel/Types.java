package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Types of expressions, named as cel-go names them. */
public final class Types {

    /** {@code dyn} parameters of generic types. */
    static final ListType LIST = ListType.create(SimpleType.DYN);

    static final MapType MAP = MapType.create(SimpleType.DYN, SimpleType.DYN);

    private Types() {}

    /** The type of a value, as {@code type(x)} gives it. */
    static CelType of(Object value) {
        return switch (value) {
            case Boolean b -> SimpleType.BOOL;
            case Long l -> SimpleType.INT;
            case UnsignedLong u -> SimpleType.UINT;
            case Double d -> SimpleType.DOUBLE;
            case String s -> SimpleType.STRING;
            case ByteString b -> SimpleType.BYTES;
            case Instant t -> SimpleType.TIMESTAMP;
            case Duration d -> SimpleType.DURATION;
            case Null n -> SimpleType.NULL_TYPE;
            case OpaqueValue o -> OpaqueType.create(o.typeName());
            case List<?> l -> LIST;
            case MapValue m when !m.objectType().equals("map") -> StructTypeReference.create(m.objectType());
            case Map<?, ?> m -> MAP;
            case Optional<?> o -> OptionalType.create(SimpleType.DYN);
            case CelType t -> TypeType.create(SimpleType.DYN);
            default -> SimpleType.DYN;
        };
    }

    /** Whether two type values are one type; parameters do not count. */
    static boolean sameKind(CelType a, CelType b) {
        return a.kind() == b.kind() && a.name().equals(b.name());
    }

    /** Whether a value may be given for a declared parameter; type parameters and elements are not looked at. */
    static boolean accepts(CelType declared, Object value) {
        return switch (declared.kind()) {
            case BOOL -> value instanceof Boolean;
            case INT -> value instanceof Long;
            case UINT -> value instanceof UnsignedLong;
            case DOUBLE -> value instanceof Double;
            case STRING -> value instanceof String;
            case BYTES -> value instanceof ByteString;
            case TIMESTAMP -> value instanceof Instant;
            case DURATION -> value instanceof Duration;
            case NULL_TYPE -> value instanceof Null;
            case LIST ->
                value instanceof List<?> list
                        && (list.isEmpty()
                                || !(declared instanceof ListType type)
                                || type.elemType().kind() == CelKind.LIST
                                || accepts(type.elemType(), list.getFirst()));
            case MAP -> value instanceof Map<?, ?>;
            case OPAQUE ->
                declared instanceof OptionalType
                        ? value instanceof Optional<?>
                        : value instanceof OpaqueValue opaque
                                && opaque.typeName().equals(declared.name());
            case TYPE -> value instanceof CelType;
            default -> true;
        };
    }

    /** A type as cel-go prints it in messages. */
    public static String text(CelType type) {
        return switch (type) {
            case ListType list -> "list(" + text(list.elemType()) + ")";
            case MapType map -> "map(" + text(map.keyType()) + ", " + text(map.valueType()) + ")";
            case OptionalType optional ->
                "optional_type(" + text(optional.parameters().getFirst()) + ")";
            case TypeType t ->
                t.parameters().isEmpty()
                        ? "type"
                        : "type(" + text(t.parameters().getFirst()) + ")";
            case TypeParamType t -> t.name();
            default -> type.name();
        };
    }

    static boolean isDynamic(CelType type) {
        return type.kind() == CelKind.DYN || type.kind() == CelKind.ANY || type.kind() == CelKind.ERROR;
    }
}
