package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.codec.JsonFields;
import java.util.List;
import java.util.Random;

/** Messages with random content from a small set of values, so that two of them have much in common. */
final class RandomMessages {
    private static final List<String> WORDS = List.of("a", "b", "c", "");
    private static final int MAX_DEPTH = 7;

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    Message of(Message prototype) {
        Message.Builder builder = prototype.newBuilderForType();
        fill(builder, 0);
        return builder.build();
    }

    /** The message with some of its fields filled anew. */
    Message changed(Message message) {
        Message.Builder builder = message.toBuilder();
        change(builder, 0);
        return builder.build();
    }

    private void change(Message.Builder builder, int depth) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (field.getName().equals("managedFields") || random.nextInt(4) > 0) {
                continue;
            }
            boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated();
            if (nested && builder.hasField(field) && isPlain(field)) {
                Message.Builder inner = ((Message) builder.getField(field)).toBuilder();
                change(inner, depth + 1);
                builder.setField(field, inner.build());
            } else {
                builder.clearField(field);
                set(builder, field, depth);
            }
        }
    }

    private static boolean isPlain(FieldDescriptor field) {
        return JsonFields.form(field.getMessageType()) == io.jollyboat.api.options.JsonForm.OBJECT;
    }

    private void fill(Message.Builder builder, int depth) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (!field.getName().equals("managedFields")) {
                set(builder, field, depth);
            }
        }
    }

    private void set(Message.Builder builder, FieldDescriptor field, int depth) {
        if (depth > MAX_DEPTH || random.nextInt(3) > 0) {
            return;
        }
        if (field.isMapField()) {
            for (String key : WORDS.subList(0, random.nextInt(3))) {
                Message.Builder entry = builder.newBuilderForField(field);
                FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
                entry.setField(field.getMessageType().findFieldByNumber(1), key);
                entry.setField(value, value(entry, value, depth));
                builder.addRepeatedField(field, entry.build());
            }
        } else if (field.isRepeated()) {
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                builder.addRepeatedField(field, value(builder, field, depth));
            }
        } else {
            builder.setField(field, value(builder, field, depth));
        }
    }

    private Object value(Message.Builder owner, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case STRING -> WORDS.get(random.nextInt(WORDS.size()));
            case INT -> random.nextInt(3);
            case LONG -> (long) random.nextInt(3);
            case BOOLEAN -> random.nextBoolean();
            case DOUBLE -> random.nextInt(3) / 2.0;
            case BYTE_STRING -> ByteString.copyFromUtf8(WORDS.get(random.nextInt(WORDS.size())));
            case MESSAGE -> message(owner.newBuilderForField(field), depth + 1);
            case FLOAT, ENUM -> throw new AssertionError(field.getFullName());
        };
    }

    private Message message(Message.Builder builder, int depth) {
        var type = builder.getDescriptorForType();
        switch (JsonFields.form(type)) {
            case QUANTITY ->
                builder.setField(
                        type.findFieldByName("string"), List.of("1", "2Gi").get(random.nextInt(2)));
            case TIME, MICRO_TIME -> builder.setField(type.findFieldByName("seconds"), 1L + random.nextInt(2));
            case DURATION -> builder.setField(type.getFields().getFirst(), 1_000_000_000L * (1 + random.nextInt(2)));
            case RAW_JSON ->
                builder.setField(
                        type.getFields().getFirst(),
                        ByteString.copyFromUtf8(List.of("{\"x\":{\"y\":1}}", "{\"x\":{}}", "[1]", "\"s\"", "{}")
                                .get(random.nextInt(5))));
            case OBJECT, INT_OR_STRING, ITEMS, SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> {
                if (depth <= MAX_DEPTH) {
                    fill(builder, depth);
                }
            }
        }
        return builder.build();
    }
}
