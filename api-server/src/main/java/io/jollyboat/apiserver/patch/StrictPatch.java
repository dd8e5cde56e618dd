package io.jollyboat.apiserver.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON patches of webhooks and policies. Unlike a client, their author is told what does not fit. */
public final class StrictPatch {
    private StrictPatch() {}

    /**
     * @param document is changed
     * @param operations an array of objects
     * @throws PatchFault where an operation does not fit the document
     */
    public static JsonNode apply(JsonNode document, JsonNode operations) throws PatchFault {
        JsonNode result = document;
        for (JsonNode operation : operations) {
            result = operate(result, operation);
        }
        return result;
    }

    private static JsonNode operate(JsonNode document, JsonNode operation) throws PatchFault {
        String op = operation.path("op").asString("");
        String path = operation.path("path").asString("");
        JsonNode value = operation.has("value") ? operation.get("value") : JsonNodeFactory.instance.nullNode();
        switch (op) {
            case "add" -> {
                String missing = "add operation does not apply: doc is missing path: \"" + path + "\"";
                place(document, path, missing).add(value.deepCopy(), "error in add for path: '" + path + "'");
            }
            case "remove" -> {
                String missing = "remove operation does not apply: doc is missing path: \"" + path + "\"";
                place(document, path, missing).remove("error in remove for path: '" + path + "'");
            }
            case "replace" -> {
                if (path.isEmpty()) {
                    if (!value.isObject()) {
                        throw failed("replace operation value must be object or array: %!w(<nil>)");
                    }
                    return value.deepCopy();
                }
                String missing = "replace operation does not apply: doc is missing path: " + path;
                Place place = place(document, path, missing);
                place.get("replace operation does not apply: doc is missing key: " + path, true);
                place.set(value.deepCopy());
            }
            case "move" -> {
                String from = operation.path("from").asString("");
                Place source =
                        place(document, from, "move operation does not apply: doc is missing from path: " + from);
                String at = "error in move for path: '" + source.key + "'";
                JsonNode moved = source.get(at, false);
                source.remove(at);
                place(document, path, "move operation does not apply: doc is missing destination path: " + path)
                        .add(
                                moved == null ? JsonNodeFactory.instance.nullNode() : moved,
                                "error in move for path: '" + path + "'");
            }
            case "copy" -> {
                String from = operation.path("from").asString("");
                JsonNode copied = place(
                                document, from, "copy operation does not apply: doc is missing from path: " + from)
                        .get("error in copy for from: '" + from + "'", false);
                place(document, path, "copy operation does not apply: doc is missing destination path: " + path)
                        .add(
                                copied == null ? JsonNodeFactory.instance.nullNode() : copied.deepCopy(),
                                "error while adding value during copy");
            }
            case "test" -> {
                JsonNode present = path.isEmpty()
                        ? document
                        : place(document, path, "test operation does not apply: is missing path: " + path)
                                .get("error in test for path: '" + path + "'", false);
                boolean equal = present == null ? value.isNull() : present.equals(StrictPatch::compare, value);
                if (!equal) {
                    throw new PatchFault("testing value " + path + " failed: test failed", true);
                }
            }
            default -> throw failed("Unexpected kind: " + (op.isEmpty() ? "unknown" : op));
        }
        return document;
    }

    /** 1 equals 1.0. */
    private static int compare(JsonNode left, JsonNode right) {
        boolean numbers = left.isNumber() && right.isNumber();
        boolean same = numbers ? left.decimalValue().compareTo(right.decimalValue()) == 0 : left.equals(right);
        return same ? 0 : 1;
    }

    private static PatchFault failed(String why) {
        return new PatchFault(why, false);
    }

    private static Place place(JsonNode document, String path, String missing) throws PatchFault {
        String[] parts = path.split("/", -1);
        if (parts.length < 2) {
            throw failed(missing + ": missing value");
        }
        JsonNode container = document;
        for (int i = 1; i < parts.length - 1; i++) {
            String part = decoded(parts[i]);
            if (container instanceof ArrayNode array) {
                int index = number(part);
                index = index < 0 ? index + array.size() : index;
                container = index < 0 || index >= array.size() ? null : array.get(index);
            } else {
                container = container.get(part);
            }
            if (container == null || !container.isContainer()) {
                throw failed(missing + ": missing value");
            }
        }
        return new Place(container, decoded(parts[parts.length - 1]));
    }

    private static String decoded(String part) {
        return part.replace("~1", "/").replace("~0", "~");
    }

    private static int number(String text) {
        return text.matches("-?[0-9]{1,9}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
    }

    /** A key of an object, or an index of an array. */
    private record Place(JsonNode container, String key) {
        private int index(int size, String at) throws PatchFault {
            int index = number(key);
            if (index == Integer.MIN_VALUE) {
                throw failed(at + ": strconv.Atoi: parsing " + GoQuote.of(key) + ": invalid syntax");
            }
            int result = index < 0 ? index + size : index;
            if (result < 0 || result >= size) {
                throw failed(at + ": Unable to access invalid index: " + index + ": invalid index referenced");
            }
            return result;
        }

        /** Null where an object has no such key. */
        JsonNode get(String at, boolean missing) throws PatchFault {
            if (!(container instanceof ArrayNode array)) {
                return container.get(key);
            }
            int index = number(key);
            index = index < 0 ? index + array.size() : index;
            if (missing && (index < 0 || index >= array.size())) {
                throw failed(at + ": missing value");
            }
            return array.get(index(array.size(), at));
        }

        void set(JsonNode value) throws PatchFault {
            if (container instanceof ArrayNode array) {
                array.set(index(array.size(), ""), value);
            } else {
                ((ObjectNode) container).set(key, value);
            }
        }

        void add(JsonNode value, String at) throws PatchFault {
            if (!(container instanceof ArrayNode array)) {
                ((ObjectNode) container).set(key, value);
            } else if (key.equals("-")) {
                array.add(value);
            } else {
                if (number(key) == Integer.MIN_VALUE) {
                    throw failed(at + ": value was not a proper array index: '" + key + "': strconv.Atoi: parsing "
                            + GoQuote.of(key) + ": invalid syntax");
                }
                array.insert(index(array.size() + 1, at), value);
            }
        }

        void remove(String at) throws PatchFault {
            if (container instanceof ArrayNode array) {
                array.remove(index(array.size(), at));
            } else if (((ObjectNode) container).remove(key) == null) {
                throw failed(at + ": Unable to remove nonexistent key: " + key + ": missing value");
            }
        }
    }
}
