package io.jollyboat.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where in the object the decoder is; turned to text only when something is wrong. */
final class FieldPath {
    private Object[] steps = new Object[32];
    private int[] indexes = new int[32];
    private int depth;

    void push(String field) {
        step(field);
    }

    /** A field, perhaps of a message that stands inline. */
    void push(MessagePlan.Name name) {
        step(name.inlined().isEmpty() ? name.field().jsonName : name);
    }

    private void step(Object field) {
        if (depth == steps.length) {
            steps = Arrays.copyOf(steps, 2 * depth);
            indexes = Arrays.copyOf(indexes, 2 * depth);
        }
        steps[depth] = field;
        indexes[depth++] = -1;
    }

    void pushKey(byte[] text, int start, int end) {
        push("");
        steps[depth - 1] = new Key(Arrays.copyOfRange(text, start, end));
    }

    /** Sets the list index at the innermost step. */
    void index(int index) {
        indexes[depth - 1] = index;
    }

    void pop() {
        depth--;
    }

    /** Without indexes and map keys, as in Go's type errors. */
    String fields() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            switch (steps[i]) {
                case String field -> text.append(text.isEmpty() ? "" : ".").append(field);
                case MessagePlan.Name name -> {
                    // Go has the names of the embedded types in between.
                    for (FieldPlan embedded : name.inlined()) {
                        text.append(text.isEmpty() ? "" : ".")
                                .append(embedded.message().descriptor.getName());
                    }
                    text.append('.').append(name.field().jsonName);
                }
                case null, default -> {} // a key
            }
        }
        return text.toString();
    }

    /** With indexes and keys, as in strict errors, and one more name. */
    String full(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append(text.isEmpty() ? "" : ".");
            text.append(steps[i] instanceof MessagePlan.Name inline ? inline.field().jsonName : steps[i]);
            if (indexes[i] >= 0) {
                text.append('[').append(indexes[i]).append(']');
            }
        }
        return text.append(text.isEmpty() ? "" : ".").append(name).toString();
    }

    /** A map key, copied because the decoder's buffer is used again; decoded only when it is printed. */
    private static final class Key {
        private final byte[] text;

        Key(byte[] text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
