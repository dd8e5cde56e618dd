package io.jollyboat.apiserver.schema;

import tools.jackson.databind.JsonNode;

/** Whether a value is one that an enumeration lists: upstream converts the value to the listed one's type first. */
final class Enumerations {
    private Enumerations() {}

    static boolean matches(JsonNode value, JsonNode listed) {
        Kind given = Kind.of(value);
        Kind wanted = Kind.of(listed);
        if (wanted == Kind.NULL || given == Kind.NULL) {
            return false;
        }
        if (given == Kind.NUMBER && wanted == Kind.INTEGER) {
            return Numbers.toLong(value.doubleValue()) == listed.longValue();
        }
        if (given == Kind.INTEGER && wanted == Kind.NUMBER) {
            return value.longValue() == listed.doubleValue();
        }
        if (given == Kind.INTEGER && wanted == Kind.STRING) {
            long point = value.longValue();
            boolean valid = point >= 0
                    && point <= Character.MAX_CODE_POINT
                    && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
            return listed.asString().equals(valid ? Character.toString((int) point) : "\ufffd");
        }
        return Equality.same(value, listed);
    }
}
