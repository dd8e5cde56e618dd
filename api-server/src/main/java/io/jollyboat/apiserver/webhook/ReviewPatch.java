package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON patch of a webhook's answer. Unlike a client, its author is told what does not fit. */
final class ReviewPatch {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode operations;

    private ReviewPatch(JsonNode operations) {
        this.operations = operations;
    }

    static ReviewPatch read(String hook, byte[] patch) throws HookFailure {
        String prefix = "received undecodable patch in webhook response: ";
        try {
            JsonNode read = JSON.readTree(patch);
            if (!read.isArray() && !read.isNull()) {
                String type =
                        read.isObject() ? "object" : read.isString() ? "string" : read.isNumber() ? "number" : "bool";
                throw new HookFailure(
                        hook, prefix + "json: cannot unmarshal " + type + " into Go value of type jsonpatch.Patch");
            }
            for (JsonNode operation : read) {
                if (!operation.isObject()) {
                    throw new HookFailure(
                            hook, prefix + "json: cannot unmarshal into Go value of type jsonpatch.Operation");
                }
            }
            return new ReviewPatch(read);
        } catch (JacksonException e) {
            String first = HookClient.utf8(patch).stripLeading();
            boolean begun = first.startsWith("[") || first.startsWith("{") || first.isEmpty();
            throw new HookFailure(
                    hook,
                    prefix
                            + (begun
                                    ? "unexpected end of JSON input"
                                    : "invalid character '" + first.charAt(0) + "' looking for beginning of value"));
        }
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    /** ApiException 500 where the patch does not fit the object. */
    Message apply(Message object, ObjectKind kind) {
        JsonNode document = JsonCodec.toTree(object, kind.apiVersion(), kind.kind());
        for (JsonNode operation : operations) {
            document = apply(document, operation);
        }
        try {
            return JsonCodec.decode(document, object.getDefaultInstanceForType(), Strictness.IGNORE)
                    .message();
        } catch (DecodeException e) {
            throw ApiException.internal(e.getMessage());
        }
    }

    private static JsonNode apply(JsonNode document, JsonNode operation) {
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
                boolean equal = present == null ? value.isNull() : present.equals(ReviewPatch::compare, value);
                if (!equal) {
                    throw failed("testing value " + path + " failed: test failed");
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

    private static ApiException failed(String why) {
        return ApiException.internal(why);
    }

    private static Place place(JsonNode document, String path, String missing) {
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
        private int index(int size, String at) {
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
        JsonNode get(String at, boolean missing) {
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

        void set(JsonNode value) {
            if (container instanceof ArrayNode array) {
                array.set(index(array.size(), ""), value);
            } else {
                ((ObjectNode) container).set(key, value);
            }
        }

        void add(JsonNode value, String at) {
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

        void remove(String at) {
            if (container instanceof ArrayNode array) {
                array.remove(index(array.size(), at));
            } else if (((ObjectNode) container).remove(key) == null) {
                throw failed(at + ": Unable to remove nonexistent key: " + key + ": missing value");
            }
        }
    }
}
