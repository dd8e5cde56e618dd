package io.jollyboat.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A type that a schema declares, with the sizes that costs are estimated from.
 *
 * @param kind what it is; scalars have a simple type
 * @param simple the type of a scalar, null otherwise
 * @param name the name of an object's type, null otherwise
 * @param fields an object's fields by escaped name
 * @param element what a list or map holds, null otherwise
 * @param maxElements how long a text, list or map can be
 * @param minSerializedSize the shortest JSON that a value can have
 */
public record DeclType(
        Kind kind,
        CelType simple,
        String name,
        Map<String, DeclType> fields,
        DeclType element,
        long maxElements,
        long minSerializedSize) {

    /** The shapes of types. */
    public enum Kind {
        SCALAR,
        LIST,
        MAP,
        OBJECT
    }

    /** A scalar. */
    public static DeclType scalar(CelType type, long maxElements, long minSerializedSize) {
        return new DeclType(Kind.SCALAR, type, null, Map.of(), null, maxElements, minSerializedSize);
    }

    /** A scalar whose size nothing bounds. */
    public static DeclType scalar(CelType type) {
        return scalar(type, 0, 1);
    }

    /** A list. */
    public static DeclType list(DeclType element, long maxElements) {
        return new DeclType(Kind.LIST, null, null, Map.of(), element, maxElements, 2);
    }

    /** A map from texts. */
    public static DeclType map(DeclType element, long maxElements) {
        return new DeclType(Kind.MAP, null, null, Map.of(), element, maxElements, 2);
    }

    /** An object with named fields. */
    public static DeclType object(String name, Map<String, DeclType> fields) {
        return object(name, fields, 2);
    }

    static DeclType object(String name, Map<String, DeclType> fields, long minSerializedSize) {
        return new DeclType(
                Kind.OBJECT,
                null,
                name,
                java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields)),
                null,
                0,
                minSerializedSize);
    }

    /** The same type with its object types, and those inside of them, named after where they stand. */
    public DeclType named(String path) {
        return switch (kind) {
            case SCALAR -> this;
            case LIST -> list(element.named(path + ".@idx"), maxElements);
            case MAP -> map(element.named(path + ".@elem"), maxElements);
            case OBJECT -> {
                String own = name == null || name.equals("object") ? path : name;
                Map<String, DeclType> renamed = new LinkedHashMap<>();
                fields.forEach((field, type) -> renamed.put(field, type.named(own + "." + field)));
                yield object(own, renamed, minSerializedSize);
            }
        };
    }

    /** The type as the checker takes it; objects by name. */
    public CelType celType() {
        return switch (kind) {
            case SCALAR -> simple;
            case LIST -> ListType.create(element.celType());
            case MAP -> MapType.create(SimpleType.STRING, element.celType());
            case OBJECT -> StructTypeReference.create(name);
        };
    }

    /** The definitions of all object types in this type. */
    public List<CelType> objectTypes() {
        List<CelType> all = new ArrayList<>();
        collect(all);
        return all;
    }

    private void collect(List<CelType> all) {
        if (kind == Kind.OBJECT) {
            ImmutableMap.Builder<String, CelType> types = ImmutableMap.builder();
            fields.forEach((field, type) -> types.put(field, type.celType()));
            ImmutableMap<String, CelType> known = types.buildOrThrow();
            all.add(StructType.create(name, known.keySet(), field -> Optional.ofNullable(known.get(field))));
            fields.values().forEach(type -> type.collect(all));
        } else if (element != null) {
            element.collect(all);
        }
    }

    /** A size estimator for expressions whose one variable is of this type. */
    public SizeEstimator sizes() {
        return path -> {
            if (path.isEmpty()) {
                return null;
            }
            DeclType at = this;
            for (String step : path.subList(1, path.size())) {
                at = switch (step) {
                    case "@items", "@values" -> at.element;
                    case "@keys" -> at.kind == Kind.MAP ? scalar(SimpleType.STRING, 0, 2) : null;
                    default -> at.fields.get(step);
                };
                if (at == null) {
                    return null;
                }
            }
            return new CostEstimate(0, at.maxElements);
        };
    }
}
