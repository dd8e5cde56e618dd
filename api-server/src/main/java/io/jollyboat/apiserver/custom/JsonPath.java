package io.jollyboat.apiserver.custom;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A path as printer columns and selectable fields have it: fields, {@code ['field']}, indexes and slices, wildcards,
 * {@code ..} and filters that compare with a constant.
 */
final class JsonPath {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** One step from a set of values to another. */
    @FunctionalInterface
    interface Step {
        void walk(JsonNode from, List<JsonNode> into);
    }

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /** A path that cannot be read finds nothing. */
    static JsonPath of(String text) {
        try {
            return new JsonPath(new JsonPathParser(text).parse());
        } catch (IllegalArgumentException e) {
            return new JsonPath(List.of((from, into) -> {}));
        }
    }

    /** What paths are looked up in: the whole object. */
    static JsonNode document(CustomObject object, ResourceType<?> type) {
        return CustomContent.whole(object, type.apiVersion(), type.kind());
    }

    List<JsonNode> all(JsonNode document) {
        List<JsonNode> found = List.of(document);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            found.forEach(value -> step.walk(value, next));
            found = next;
        }
        return found;
    }

    Optional<JsonNode> first(JsonNode document) {
        List<JsonNode> found = all(document);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** As Go prints a value; objects and lists as JSON. */
    static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isObject() || value.isArray()) {
            return MAPPER.writeValueAsString(value);
        }
        return value.isFloatingPointNumber() ? number(value.doubleValue()) : value.asString();
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e21) {
            return java.math.BigDecimal.valueOf(value).toBigInteger().toString();
        }
        return Double.toString(value).replace("E-", "e-").replace("E", "e+");
    }

    static Step field(String name) {
        return (from, into) -> {
            if (from.get(name) != null) {
                into.add(from.get(name));
            }
        };
    }

    static Step everything() {
        return (from, into) -> from.forEach(into::add);
    }

    /** @param bounds begin, end and step of a slice, each null where it is not given */
    static Step slice(Integer[] bounds) {
        return (from, into) -> {
            if (!from.isArray()) {
                return;
            }
            int size = from.size();
            int begin = bounds[0] == null ? 0 : bounds[0] < 0 ? bounds[0] + size : bounds[0];
            int end = bounds[1] == null ? size : bounds[1] < 0 ? bounds[1] + size : bounds[1];
            int step = bounds[2] == null ? 1 : bounds[2];
            for (int i = Math.max(begin, 0); i < Math.min(end, size) && step > 0; i += step) {
                into.add(from.get(i));
            }
        };
    }

    static Step index(int index) {
        return (from, into) -> {
            int at = index < 0 ? index + from.size() : index;
            if (from.isArray() && at >= 0 && at < from.size()) {
                into.add(from.get(at));
            }
        };
    }

    static Step union(List<Step> steps) {
        return (from, into) -> steps.forEach(step -> step.walk(from, into));
    }

    static Step filter(Predicate<JsonNode> condition) {
        return (from, into) -> from.forEach(element -> {
            if (condition.test(element)) {
                into.add(element);
            }
        });
    }

    /** The value and all that lies below it. */
    static Step descent() {
        return new Step() {
            @Override
            public void walk(JsonNode from, List<JsonNode> into) {
                into.add(from);
                from.forEach(child -> walk(child, into));
            }
        };
    }
}
