package io.jollyboat.apiserver.patch;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * RFC 6902, as lenient as upstream's library: {@code replace} and {@code copy} of an absent key of an object succeed, a
 * missing value is null, indexes may be negative.
 */
final class JsonPatch {
    private static final int MAX_OPERATIONS = 10_000;
    /** Upstream's: a patch that copies copies grows without end. */
    private static final long MAX_COPIED_BYTES = 3 << 20;

    private static final int MAX_DEPTH = 400;
    private static final Set<String> FIELDS = Set.of("op", "path", "from", "value");

    private JsonPatch() {}

    /** Fields of operations that there are not. */
    static List<String> unknownFields(JsonNode patch) {
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < patch.size(); i++) {
            if (patch.get(i) instanceof ObjectNode operation) {
                for (String name : operation.propertyNames()) {
                    if (!FIELDS.contains(name)) {
                        unknown.add("json patch unknown field \"[" + i + "]." + name + "\"");
                    }
                }
            }
        }
        return unknown;
    }

    /** Changes the document. */
    static ObjectNode apply(ObjectNode document, JsonNode patch) {
        if (patch.size() > MAX_OPERATIONS) {
            throw ApiException.of(
                    413,
                    "RequestEntityTooLarge",
                    "Request entity too large: The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS
                            + ", got " + patch.size());
        }
        long copied = 0;
        for (JsonNode operation : patch) {
            copied += apply(document, operation, operation.path("op").asString(""));
            if (copied > MAX_COPIED_BYTES) {
                throw rejected();
            }
        }
        return document;
    }

    /** Returns how much was copied. */
    private static long apply(ObjectNode document, JsonNode operation, String op) {
        String path = operation.path("path").asString("");
        JsonNode value = operation.has("value") ? operation.get("value") : JsonNodeFactory.instance.nullNode();
        switch (op) {
            case "add" -> add(document, path, value);
            case "remove" -> remove(document, path);
            case "replace" -> {
                Place place = Place.find(document, path);
                if (place.container instanceof ArrayNode) {
                    place.get();
                }
                place.set(value);
            }
            case "move" -> {
                String from = operation.path("from").asString("");
                Place source = Place.find(document, from);
                JsonNode moved = source.get();
                source.remove();
                add(document, path, moved);
            }
            case "copy" -> {
                JsonNode copied = Place.find(document, operation.path("from").asString(""))
                        .lookup();
                JsonNode copy = copied == null ? JsonNodeFactory.instance.nullNode() : copied.deepCopy();
                add(document, path, copy);
                return size(copy, 0);
            }
            case "test" -> {
                JsonNode present = Place.find(document, path).lookup();
                boolean equal = present == null ? value.isNull() : Numbers.equal(present, value);
                if (!equal) {
                    throw rejected();
                }
            }
            default -> throw rejected();
        }
        return 0;
    }

    /** About the length of its JSON; copies within copies that get too deep to be read are refused. */
    private static long size(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw rejected();
        }
        long size = 2;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            size += field.getKey().length() + 4 + size(field.getValue(), depth + 1);
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                size += 1 + size(element, depth + 1);
            }
        }
        return node.isContainer() ? size : size + node.asString("").length();
    }

    private static void add(ObjectNode document, String path, JsonNode value) {
        Place.find(document, path).add(value);
    }

    private static void remove(ObjectNode document, String path) {
        Place place = Place.find(document, path);
        place.get();
        place.remove();
    }

    /** Upstream does not tell the client what was wrong. */
    static ApiException rejected() {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("the server rejected our request due to an error in our request")
                .setReason("Invalid")
                .setDetails(StatusDetails.getDefaultInstance())
                .setCode(422)
                .build());
    }

    /** A key of an object, or an index of an array. */
    private record Place(JsonNode container, String key) {
        static Place find(JsonNode document, String path) {
            if (!path.startsWith("/")) {
                throw rejected();
            }
            String[] parts = path.substring(1).split("/", -1);
            JsonNode container = document;
            for (int i = 0; i < parts.length - 1; i++) {
                container = new Place(container, decoded(parts[i])).lookup();
                if (container == null || !container.isContainer()) {
                    throw rejected();
                }
            }
            return new Place(container, decoded(parts[parts.length - 1]));
        }

        private static String decoded(String part) {
            return part.replace("~1", "/").replace("~0", "~");
        }

        private int index(int size) {
            if (!key.matches("-?(0|[1-9][0-9]{0,8})")) {
                throw rejected();
            }
            int index = Integer.parseInt(key);
            int result = index < 0 ? index + size : index;
            if (result < 0 || result >= size) {
                throw rejected();
            }
            return result;
        }

        /** Null where an object has no such key. */
        JsonNode lookup() {
            return container instanceof ArrayNode array ? array.get(index(array.size())) : container.get(key);
        }

        JsonNode get() {
            JsonNode value = lookup();
            if (value == null) {
                throw rejected();
            }
            return value;
        }

        void set(JsonNode value) {
            if (container instanceof ArrayNode array) {
                array.set(index(array.size()), value);
            } else {
                ((ObjectNode) container).set(key, value);
            }
        }

        void add(JsonNode value) {
            if (container instanceof ArrayNode array) {
                if (key.equals("-")) {
                    array.add(value);
                } else {
                    array.insert(index(array.size() + 1), value);
                }
            } else {
                ((ObjectNode) container).set(key, value);
            }
        }

        void remove() {
            if (container instanceof ArrayNode array) {
                array.remove(index(array.size()));
            } else {
                ((ObjectNode) container).remove(key);
            }
        }
    }

    /** 1 equals 1.0. */
    private static final class Numbers {
        static boolean equal(JsonNode left, JsonNode right) {
            return left.equals(
                    (a, b) -> a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0
                            ? 0
                            : a.equals(b) ? 0 : 1,
                    right);
        }
    }
}
