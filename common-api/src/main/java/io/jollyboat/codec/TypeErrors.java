package io.jollyboat.codec;

/** JSON values of the wrong type, worded as Go does. */
final class TypeErrors {
    private TypeErrors() {}

    static String word(int b) {
        return switch (b) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            case 'n' -> "null";
            default -> "number";
        };
    }

    static DecodeException mismatch(MessagePlan struct, FieldPath path, String value, String goType) {
        return typeError(
                value, "Go struct field " + struct.descriptor.getName() + "." + path.fields() + " of type " + goType);
    }

    static DecodeException typeError(String value, String target) {
        return DecodeException.type("json: cannot unmarshal " + value + " into " + target);
    }
}
