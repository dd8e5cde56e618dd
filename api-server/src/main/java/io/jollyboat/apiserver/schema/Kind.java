package io.jollyboat.apiserver.schema;

import tools.jackson.databind.JsonNode;

/** The types a schema can name, each a bit of a set. */
enum Kind {
    OBJECT(1, "object", ""),
    ARRAY(2, "array", ""),
    STRING(4, "string", ""),
    INTEGER(8, "integer", "int64"),
    NUMBER(16, "number", "float64"),
    BOOLEAN(32, "boolean", ""),
    NULL(64, "null", "");

    private final int bit;
    private final String text;
    private final String format;

    Kind(int bit, String text, String format) {
        this.bit = bit;
        this.text = text;
        this.format = format;
    }

    /** The name in schemas and error texts. */
    String text() {
        return text;
    }

    /** The format that upstream infers from a value of this type. */
    String format() {
        return format;
    }

    int bit() {
        return bit;
    }

    /** Zero for a name that is none. */
    static int bit(String name) {
        for (Kind kind : values()) {
            if (kind.text.equals(name)) {
                return kind.bit;
            }
        }
        return 0;
    }

    static Kind of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> OBJECT;
            case ARRAY -> ARRAY;
            case STRING, BINARY -> STRING;
            case NUMBER -> Numbers.isInteger(value) ? INTEGER : NUMBER;
            case BOOLEAN -> BOOLEAN;
            case NULL, MISSING -> NULL;
        };
    }
}
