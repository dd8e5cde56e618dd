package io.jollyboat.apiserver.schema;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Whether two values are the same to upstream: {@code 1} and {@code 1.0} are not, and the order of keys is nothing. */
final class Equality {
    private Equality() {}

    static boolean same(JsonNode left, JsonNode right) {
        Kind kind = Kind.of(left);
        if (kind != Kind.of(right)) {
            return false;
        }
        return switch (kind) {
            case OBJECT -> left.size() == right.size() && sameFields(left, right);
            case ARRAY -> left.size() == right.size() && sameElements(left, right);
            case STRING -> left.asString().equals(right.asString());
            case INTEGER -> left.longValue() == right.longValue();
            case NUMBER -> left.doubleValue() == right.doubleValue();
            case BOOLEAN -> left.booleanValue() == right.booleanValue();
            case NULL -> true;
        };
    }

    private static boolean sameFields(JsonNode left, JsonNode right) {
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            JsonNode other = right.get(field.getKey());
            if (other == null || !same(field.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(JsonNode left, JsonNode right) {
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }
}
