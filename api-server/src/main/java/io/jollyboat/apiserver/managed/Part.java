package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.codec.JsonFields;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One field of a JSON object: how to read it from the message, and when it is in the JSON at all. What JSON leaves out
 * is null here, and JSON's null is {@link #NULL}.
 */
final class Part {
    /** JSON's null. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    /** What a field, a list's element or a map's value is. */
    enum Form {
        SCALAR,
        OBJECT,
        /** A message that is a scalar, or one value, in JSON. */
        VALUE,
        /** A message whose JSON is not declared. */
        TREE
    }

    final Step step;
    /** Of the value, the elements or the values. */
    final Form form;

    final boolean repeated;
    final boolean map;
    final boolean atomic;
    final Declared.Lists lists;
    final Key[] keys;
    /** Of objects. */
    final Descriptor type;

    private final FieldDescriptor field;
    private final FieldDescriptor[] inlined;
    private final boolean always;
    private final boolean pointer;
    private final boolean omitZero;
    private final boolean time;
    private Shape shape;
    private MethodHandle mapGetter;

    /** A field that tells elements of a list apart. */
    record Key(String name, Part part, Object defaultValue) {}

    Part(Descriptor owner, List<FieldDescriptor> inlined, FieldDescriptor field) {
        FieldRules rules = JsonFields.rules(field);
        this.step = Step.field(Shape.jsonName(field));
        this.field = field;
        this.inlined = inlined.toArray(FieldDescriptor[]::new);
        this.map = field.isMapField();
        this.repeated = field.isRepeated() && !map;
        FieldDescriptor value = map ? field.getMessageType().findFieldByNumber(2) : field;
        boolean message = value.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        this.type = message ? value.getMessageType() : null;
        JsonForm json = message ? JsonFields.form(type) : null;
        this.form = !message ? Form.SCALAR : form(json, type);
        this.always = rules.getAlways();
        this.pointer = rules.getPointer() || JsonFields.form(owner).name().startsWith("SCHEMA_");
        this.omitZero = rules.getOmitZero();
        this.time = json == JsonForm.TIME || json == JsonForm.MICRO_TIME;
        this.lists = repeated ? Declared.listsOf(field) : Declared.Lists.ATOMIC;
        this.atomic = rules.getAtomic() || (form == Form.OBJECT && !repeated && !map && Declared.isAtomic(type));
        List<Key> all = new ArrayList<>();
        if (lists == Declared.Lists.MAP) {
            Map<String, Object> defaults = Declared.keyDefaults(field);
            for (String name : Declared.keysOf(field)) {
                all.add(new Key(name, shape().part(name), defaults.get(name)));
            }
        }
        this.keys = all.toArray(Key[]::new);
    }

    private static Form form(JsonForm json, Descriptor type) {
        return switch (json) {
            case OBJECT -> Form.OBJECT;
            case TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING, ITEMS -> Form.VALUE;
            case RAW_JSON -> type.getName().equals("JSON") ? Form.TREE : Form.VALUE;
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> Form.TREE;
        };
    }

    Shape shape() {
        if (shape == null) {
            shape = Shape.of(type);
        }
        return shape;
    }

    /**
     * Null where JSON leaves the field out: a scalar (numbers as Integer, Long or Double), a message, a list or a map.
     *
     * @param owner null where the whole object is not there
     */
    Object read(Message owner) {
        Message message = owner;
        for (int i = 0; i < inlined.length && message != null; i++) {
            message = (Message) message.getField(inlined[i]);
        }
        if (message == null) {
            return null;
        }
        if (map) {
            Map<?, ?> values = map(message);
            return !values.isEmpty() ? values : always ? NULL : null;
        }
        if (repeated) {
            return message.getRepeatedFieldCount(field) > 0 ? message.getField(field) : always ? NULL : null;
        }
        return type != null ? single(message) : scalar(message);
    }

    private Object single(Message message) {
        if (!message.hasField(field)) {
            if (pointer || omitZero) {
                return always && pointer ? NULL : null;
            }
            return time ? NULL : message.getField(field);
        }
        Message value = (Message) message.getField(field);
        if (omitZero && value.equals(value.getDefaultInstanceForType())) {
            return null;
        }
        return time && value.equals(value.getDefaultInstanceForType()) ? NULL : value;
    }

    private Object scalar(Message message) {
        if (!pointer && !always) {
            Object value = message.getField(field);
            return isZero(value) ? null : value;
        }
        if (message.hasField(field)) {
            return message.getField(field);
        }
        if (!always) {
            return null;
        }
        boolean bytes = field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
        return pointer || bytes ? NULL : message.getField(field);
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case Integer number -> number == 0;
            case Long number -> number == 0;
            case Boolean flag -> !flag;
            case Double number -> number == 0;
            case ByteString bytes -> bytes.isEmpty();
            default -> false;
        };
    }

    /** By the message's own method: reflection would make a second copy of the map, which the message keeps. */
    private Map<?, ?> map(Message message) {
        MethodHandle getter = mapGetter;
        try {
            if (getter == null) {
                getter = MethodHandles.publicLookup()
                        .findVirtual(message.getClass(), mapGetterName(), MethodType.methodType(Map.class))
                        .asType(MethodType.methodType(Map.class, Message.class));
                mapGetter = getter;
            }
            return (Map<?, ?>) getter.invokeExact(message);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(field.getFullName(), e);
        }
    }

    /** As the generator makes it of the field's name. */
    private String mapGetterName() {
        StringBuilder name = new StringBuilder("get");
        boolean upper = true;
        for (char c : field.getName().toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = Character.isDigit(c);
            }
        }
        return name.append("Map").toString();
    }
}
