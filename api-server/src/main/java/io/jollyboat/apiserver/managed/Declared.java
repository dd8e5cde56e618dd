package io.jollyboat.apiserver.managed;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.ListType;
import io.jollyboat.api.options.Options;
import io.jollyboat.codec.JsonFields;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** What the declarations say of merging. */
final class Declared {
    /** How a list is merged. */
    enum Lists {
        ATOMIC,
        SET,
        MAP
    }

    private static final ConcurrentMap<Descriptor, FieldType> TYPES = new ConcurrentHashMap<>();

    private Declared() {}

    static boolean isAtomic(Descriptor type) {
        return type.getOptions().getExtension(Options.type).getAtomic();
    }

    static Lists listsOf(FieldDescriptor field) {
        FieldRules rules = JsonFields.rules(field);
        return switch (rules.getListType()) {
            case ATOMIC -> Lists.ATOMIC;
            case SET -> Lists.SET;
            case MAP -> Lists.MAP;
            // Where only strategic merge is declared, it says how.
            case UNSPECIFIED ->
                !rules.getPatchStrategy().startsWith("merge")
                        ? Lists.ATOMIC
                        : rules.hasPatchKey() ? Lists.MAP : Lists.SET;
        };
    }

    static List<String> keysOf(FieldDescriptor field) {
        FieldRules rules = JsonFields.rules(field);
        if (listsOf(field) != Lists.MAP) {
            return List.of();
        }
        return rules.getListType() == ListType.MAP
                ? List.copyOf(rules.getListKeysList())
                : List.of(rules.getPatchKey());
    }

    /** The type of a message in JSON. */
    static FieldType typeOf(Descriptor type) {
        FieldType known = TYPES.get(type);
        if (known == null) {
            known = make(type);
            TYPES.putIfAbsent(type, known);
        }
        return known;
    }

    private static FieldType make(Descriptor type) {
        return switch (JsonFields.form(type)) {
            case OBJECT -> object(type);
            case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING -> FieldType.SCALAR;
            case DURATION -> FieldType.STRING;
            case RAW_JSON -> type.getName().equals("JSON") ? FieldType.DEDUCED : FieldType.WHOLE;
            case ITEMS -> {
                FieldDescriptor items = type.getFields().getFirst();
                yield FieldType.of(new FieldType.ListType(() -> valueType(items), false, List.of()));
            }
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> FieldType.DEDUCED;
        };
    }

    private static FieldType object(Descriptor type) {
        Map<String, FieldType.Field> fields = new HashMap<>();
        JsonFields.of(type).forEach((name, field) -> fields.put(name, field(field)));
        Supplier<FieldType> others = fields.isEmpty() ? () -> FieldType.DEDUCED : null;
        FieldType object =
                FieldType.of(new FieldType.MapType(Collections.unmodifiableMap(fields), others, isAtomic(type)));
        return type.getOptions().hasExtension(Options.kind) ? withTypeMeta(object) : object;
    }

    /** The type of an object that says itself what it is. */
    static FieldType withTypeMeta(FieldType object) {
        Map<String, FieldType.Field> fields = new HashMap<>(object.map().fields());
        fields.put("apiVersion", new FieldType.Field(() -> FieldType.STRING, null));
        fields.put("kind", new FieldType.Field(() -> FieldType.STRING, null));
        return FieldType.of(new FieldType.MapType(
                Collections.unmodifiableMap(fields),
                object.map().element(),
                object.map().atomic()));
    }

    private static FieldType.Field field(FieldDescriptor field) {
        return new FieldType.Field(memoized(() -> fieldType(field)), defaultOf(field));
    }

    /** Types contain themselves, so what a field holds is looked up when first needed. */
    private static Supplier<FieldType> memoized(Supplier<FieldType> made) {
        return new Supplier<>() {
            private volatile FieldType known;

            @Override
            public FieldType get() {
                FieldType type = known;
                if (type == null) {
                    type = made.get();
                    known = type;
                }
                return type;
            }
        };
    }

    private static FieldType fieldType(FieldDescriptor field) {
        boolean atomic = JsonFields.rules(field).getAtomic();
        if (field.isMapField()) {
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            return FieldType.of(new FieldType.MapType(Map.of(), () -> valueType(value), atomic));
        }
        FieldType value = valueType(field);
        if (field.isRepeated()) {
            return FieldType.of(new FieldType.ListType(() -> value, listsOf(field) != Lists.ATOMIC, keysOf(field)));
        }
        if (JsonFields.rules(field).getGranular()) {
            return FieldType.of(
                    new FieldType.MapType(value.map().fields(), value.map().element(), false));
        }
        return atomic ? value.whole() : value;
    }

    /** Of a list's elements, of a map's values, or of the field. */
    private static FieldType valueType(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING, BYTE_STRING -> FieldType.STRING;
            case INT, LONG, DOUBLE, FLOAT -> FieldType.NUMBER;
            case BOOLEAN -> FieldType.BOOLEAN;
            case MESSAGE -> typeOf(field.getMessageType());
            case ENUM -> throw new IllegalArgumentException(field.getFullName() + ": no API object has enums");
        };
    }

    private static Object defaultOf(FieldDescriptor field) {
        FieldRules rules = JsonFields.rules(field);
        if (field.isRepeated()) {
            return null;
        }
        if (!rules.hasDefault()) {
            // What upstream's objects cannot be without is empty there.
            return rules.getAlways() && !rules.getPointer() ? zero(field) : null;
        }
        return switch (field.getJavaType()) {
            case STRING -> rules.getDefault();
            case INT, LONG -> Long.valueOf(rules.getDefault());
            case BOOLEAN -> Boolean.valueOf(rules.getDefault());
            case DOUBLE, FLOAT, BYTE_STRING, ENUM, MESSAGE -> null;
        };
    }

    private static Object zero(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> "";
            case INT, LONG -> 0L;
            case BOOLEAN -> false;
            case DOUBLE, FLOAT, BYTE_STRING, ENUM, MESSAGE -> null;
        };
    }

    /** The keys of an element of a list with their defaults, in the declared order. */
    static Map<String, Object> keyDefaults(FieldDescriptor list) {
        Map<String, Object> defaults = new HashMap<>();
        for (String key : keysOf(list)) {
            FieldDescriptor field = JsonFields.of(list.getMessageType()).get(key);
            defaults.put(key, defaultOf(field));
        }
        return defaults;
    }
}
