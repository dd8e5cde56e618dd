package io.jollyboat.cel;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.api.options.Options;
import io.jollyboat.codec.JsonFields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Types of the built-in kinds, as upstream derives them from its own OpenAPI schemas: quantities and free JSON have no type
 * there, so that expressions with types do not see them.
 */
public final class DeclaredTypes {
    private static final DeclType TEXT = DeclType.scalar(SimpleType.STRING);
    private static final DeclType NOTHING_KNOWN = DeclType.object("object", Map.of());

    private final Set<Descriptor> inside = new HashSet<>();

    private DeclaredTypes() {}

    /** The type of a kind's objects, its object types named after the kind and where they stand. */
    public static DeclType of(String kind, Descriptor message) {
        return new DeclaredTypes().message(message).named(kind);
    }

    /** Null for what has no type. */
    private DeclType message(Descriptor message) {
        return switch (JsonFields.form(message)) {
            case OBJECT -> inside.contains(message) ? NOTHING_KNOWN : object(message);
            case TIME, MICRO_TIME -> DeclType.scalar(SimpleType.TIMESTAMP);
            case DURATION -> TEXT;
            case INT_OR_STRING -> DeclType.scalar(SimpleType.DYN);
            case RAW_JSON -> message.getName().equals("JSON") ? null : NOTHING_KNOWN;
            case ITEMS -> DeclType.list(value(message.getFields().getFirst()), 0);
            case QUANTITY, SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> null;
        };
    }

    private DeclType object(Descriptor message) {
        inside.add(message);
        Map<String, DeclType> fields = new LinkedHashMap<>();
        JsonFields.of(message).forEach((name, field) -> {
            DeclType type = field(field);
            String escaped = PropertyNames.escape(name);
            if (type != null && escaped != null) {
                fields.put(escaped, type);
            }
        });
        if (message.getOptions().hasExtension(Options.kind)) {
            fields.put("apiVersion", TEXT);
            fields.put("kind", TEXT);
        }
        inside.remove(message);
        return DeclType.object("object", fields);
    }

    private DeclType field(FieldDescriptor field) {
        if (field.isMapField()) {
            DeclType value = value(field.getMessageType().findFieldByNumber(2));
            return value == null ? null : DeclType.map(value, 0);
        }
        DeclType value = value(field);
        return value == null || !field.isRepeated() ? value : DeclType.list(value, 0);
    }

    private DeclType value(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> TEXT;
            case BYTE_STRING -> scalar(SimpleType.BYTES);
            case INT, LONG -> scalar(SimpleType.INT);
            case DOUBLE, FLOAT -> scalar(SimpleType.DOUBLE);
            case BOOLEAN -> scalar(SimpleType.BOOL);
            case MESSAGE -> message(field.getMessageType());
            case ENUM -> throw new IllegalArgumentException(field.getFullName() + ": no API object has enums");
        };
    }

    private static DeclType scalar(CelType type) {
        return DeclType.scalar(type);
    }
}
