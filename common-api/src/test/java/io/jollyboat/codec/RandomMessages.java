package io.jollyboat.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.options.Options;
import java.util.Random;

/** Objects with random content that JSON can carry, the same for the same seed. */
final class RandomMessages {
    private static final String[] TEXTS = {
        "",
        "a",
        "nginx:1.27",
        "äöü €",
        "<tag> & \"quotes\"",
        "line\nbreak\ttab",
        "emoji 😀",
        "\u2028\u2029",
        "\u0001\\",
        "true",
        "null",
        "5"
    };
    private static final String[] QUANTITIES = {
        "0", "1", "100m", "1500m", "1Gi", "12345678901234567890", "1e3", "250Mi", "5n", "-2", "3k"
    };

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    @SuppressWarnings("unchecked")
    <T extends Message> T next(T prototype) {
        return (T) message(prototype.newBuilderForType(), 0);
    }

    private Message message(Message.Builder builder, int depth) {
        Descriptor type = builder.getDescriptorForType();
        return switch (type.getOptions().getExtension(Options.type).getJsonForm()) {
            case TIME -> set(builder, 1, (long) random.nextInt());
            case MICRO_TIME ->
                random.nextBoolean()
                        ? set(builder, 1, (long) random.nextInt())
                        : set(builder.setField(type.findFieldByNumber(2), random.nextInt(1, 1_000_000) * 1000), 1, 7L);
            case DURATION -> set(builder, 1, random.nextLong());
            case QUANTITY -> set(builder, 1, QUANTITIES[random.nextInt(QUANTITIES.length)]);
            case INT_OR_STRING ->
                random.nextBoolean()
                        ? set(builder, 2, random.nextInt())
                        : set(builder.setField(type.findFieldByNumber(1), 1L), 3, text());
            case RAW_JSON -> set(builder, 1, ByteString.copyFromUtf8("{\"a\":[1,\"x y\",null,{}]}"));
            case SCHEMA_OR_BOOL ->
                random.nextBoolean() || depth > 4
                        ? set(builder, 1, true)
                        : set(builder.setField(type.findFieldByNumber(1), true), 2, child(builder, 2, depth));
            case SCHEMA_OR_ARRAY -> set(builder, 1, child(builder, 1, depth));
            case SCHEMA_OR_STRINGS ->
                builder.addRepeatedField(type.findFieldByNumber(2), text()).build();
            case ITEMS ->
                builder.addRepeatedField(type.findFieldByNumber(1), text()).build();
            case OBJECT -> object(builder, depth);
        };
    }

    private Message object(Message.Builder builder, int depth) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (random.nextInt(100) > 55 - 8 * depth) {
                continue;
            }
            if (field.isMapField()) {
                FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
                FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
                for (int i = random.nextInt(4); i > 0; i--) {
                    Message.Builder entry = builder.newBuilderForField(field);
                    entry.setField(key, "key" + random.nextInt(1000) + "/" + i);
                    entry.setField(value, value(entry, value, depth));
                    builder.addRepeatedField(field, entry.build());
                }
            } else if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    builder.addRepeatedField(field, value(builder, field, depth));
                }
            } else {
                builder.setField(field, value(builder, field, depth));
            }
        }
        return builder.build();
    }

    private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case STRING -> text();
            case BYTE_STRING -> {
                byte[] bytes = new byte[random.nextInt(1, 20)];
                random.nextBytes(bytes);
                yield ByteString.copyFrom(bytes);
            }
            case INT -> random.nextInt(4) == 0 ? 0 : random.nextInt();
            case LONG -> random.nextInt(4) == 0 ? 0L : random.nextLong();
            case BOOLEAN -> random.nextBoolean();
            case DOUBLE -> random.nextBoolean() ? random.nextGaussian() : random.nextLong() * 1e10;
            case MESSAGE -> message(parent.newBuilderForField(field), depth + 1);
            case FLOAT, ENUM -> throw new IllegalArgumentException(field.getFullName());
        };
    }

    private Message child(Message.Builder builder, int number, int depth) {
        FieldDescriptor field = builder.getDescriptorForType().findFieldByNumber(number);
        return message(builder.newBuilderForField(field), depth + 2);
    }

    private static Message set(Message.Builder builder, int number, Object value) {
        return builder.setField(builder.getDescriptorForType().findFieldByNumber(number), value)
                .build();
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }
}
