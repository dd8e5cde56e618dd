package io.jollyboat.defaults;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.Options;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

/** The defaults of one message type: first what is computed, then constants, then those of the messages within. */
final class DefaultPlan {
    private static final ConcurrentMap<Descriptor, DefaultPlan> PLANS = new ConcurrentHashMap<>();

    private record Constant(FieldDescriptor field, Object value) {}

    /** @param exists upstream's field is no pointer, so its defaults hold even where it is absent */
    private record Child(FieldDescriptor field, boolean exists) {}

    private final UnaryOperator<Message> computed;
    private final List<Constant> constants = new ArrayList<>();
    private final List<Child> children = new ArrayList<>();
    /** Maps of resource amounts, which are kept in thousandths. */
    private final List<FieldDescriptor> resourceLists = new ArrayList<>();

    private DefaultPlan(Descriptor type) {
        this.computed = ComputedDefaults.of(type);
        for (FieldDescriptor field : type.getFields()) {
            FieldRules rules = field.getOptions().getExtension(Options.field);
            if (rules.hasDefault()) {
                addConstant(field, rules);
            }
            if (isResourceList(field)) {
                resourceLists.add(field);
            }
            if (field.getJavaType() == JavaType.MESSAGE && !field.isMapField() && matters(field.getMessageType())) {
                children.add(new Child(field, !field.isRepeated() && !rules.getPointer() && !rules.getOmitZero()));
            }
        }
    }

    private void addConstant(FieldDescriptor field, FieldRules rules) {
        Object value = value(field, rules.getDefault());
        // A zero that is no pointer is what an absent value means anyway.
        if (rules.getPointer()
                || !value.equals(field.getJavaType() == JavaType.MESSAGE ? null : field.getDefaultValue())) {
            constants.add(new Constant(field, value));
        }
    }

    static DefaultPlan of(Descriptor type) {
        DefaultPlan plan = PLANS.get(type);
        if (plan == null) {
            plan = new DefaultPlan(type);
            PLANS.putIfAbsent(type, plan);
        }
        return plan;
    }

    Message apply(Message message) {
        Message before = computed.apply(message);
        Message.Builder builder = null;
        for (Constant constant : constants) {
            if (!before.hasField(constant.field)) {
                builder = builder == null ? before.toBuilder() : builder;
                builder.setField(constant.field, constant.value);
            }
        }
        for (FieldDescriptor field : resourceLists) {
            builder = rounded(before, builder, field);
        }
        for (Child child : children) {
            // Read from the builder where there is one: a constant may have made the child.
            boolean present = child.field.isRepeated()
                    || (builder == null ? before.hasField(child.field) : builder.hasField(child.field));
            if (!present && !child.exists) {
                continue;
            }
            DefaultPlan plan = of(child.field.getMessageType());
            if (child.field.isRepeated()) {
                builder = elements(before, builder, child.field, plan);
                continue;
            }
            Message old = (Message) (builder == null ? before.getField(child.field) : builder.getField(child.field));
            Message next = plan.apply(old);
            if (!next.equals(old)) {
                builder = builder == null ? before.toBuilder() : builder;
                builder.setField(child.field, next);
            }
        }
        return builder == null ? before : builder.build();
    }

    private static Message.Builder elements(
            Message before, Message.Builder builder, FieldDescriptor field, DefaultPlan plan) {
        Message.Builder result = builder;
        int count = before.getRepeatedFieldCount(field);
        for (int i = 0; i < count; i++) {
            Message old = (Message) before.getRepeatedField(field, i);
            Message next = plan.apply(old);
            if (!next.equals(old)) {
                result = result == null ? before.toBuilder() : result;
                result.setRepeatedField(field, i, next);
            }
        }
        return result;
    }

    private static Message.Builder rounded(Message before, Message.Builder builder, FieldDescriptor field) {
        Message.Builder result = builder;
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        int count = before.getRepeatedFieldCount(field);
        for (int i = 0; i < count; i++) {
            Message entry = (Message) before.getRepeatedField(field, i);
            Quantity old = (Quantity) entry.getField(value);
            Quantity next = Quantities.roundUpToMilli(old);
            if (!next.equals(old)) {
                result = result == null ? before.toBuilder() : result;
                result.setRepeatedField(
                        field, i, entry.toBuilder().setField(value, next).build());
            }
        }
        return result;
    }

    /** Device capacities are quantities by name too, but no resource lists. */
    private static boolean isResourceList(FieldDescriptor field) {
        if (!field.isMapField() || field.getFile().getPackage().startsWith("k8s.io.api.resource.")) {
            return false;
        }
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        return value.getJavaType() == JavaType.MESSAGE && value.getMessageType().equals(Quantity.getDescriptor());
    }

    /** Whether a type, or one it contains, has defaults. */
    private static boolean matters(Descriptor type) {
        return matters(type, new HashSet<>());
    }

    private static boolean matters(Descriptor type, Set<Descriptor> seen) {
        if (!seen.add(type) || type.getOptions().getExtension(Options.type).getJsonForm() != JsonForm.OBJECT) {
            return false;
        }
        if (ComputedDefaults.has(type)) {
            return true;
        }
        for (FieldDescriptor field : type.getFields()) {
            if (isResourceList(field)
                    || field.getOptions().getExtension(Options.field).hasDefault()
                    || (field.getJavaType() == JavaType.MESSAGE
                            && !field.isMapField()
                            && matters(field.getMessageType(), seen))) {
                return true;
            }
        }
        return false;
    }

    private static Object value(FieldDescriptor field, String text) {
        return switch (field.getJavaType()) {
            case STRING -> text;
            case INT -> Integer.parseInt(text);
            case LONG -> Long.parseLong(text);
            case BOOLEAN -> Boolean.parseBoolean(text);
            case DOUBLE -> Double.parseDouble(text);
            case BYTE_STRING -> ByteString.copyFromUtf8(text);
            case MESSAGE -> ComputedDefaults.empty(field);
            case FLOAT, ENUM -> throw new IllegalArgumentException(field.getFullName());
        };
    }
}
