package io.jollyboat.apiserver.patch;

import com.google.protobuf.Descriptors.Descriptor;
import io.jollyboat.apiserver.patch.StrategicMerge.BadPatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Merges the lists of one field: scalars as a set, objects by their key. */
final class ListMerge {
    private final StrategicMerge objects;
    private final String key;
    private final Descriptor type;

    ListMerge(StrategicMerge objects, String key, Descriptor type) {
        this.objects = objects;
        this.key = key;
        this.type = type;
    }

    ArrayNode merge(ArrayNode original, ArrayNode patch, boolean deletes) {
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        JsonNode sample = original.isEmpty() ? patch.get(0) : original.get(0);
        if (!sample.isObject()) {
            if (deletes) {
                return without(original, patch);
            }
            Set<JsonNode> all = new LinkedHashSet<>();
            original.forEach(all::add);
            patch.forEach(all::add);
            return order(array(all), patch, original);
        }
        if (key.isEmpty()) {
            throw new BadPatch(
                    500, "cannot merge lists without merge key for " + (type == null ? "map" : type.getName()));
        }
        ArrayNode before = original.deepCopy();
        boolean replaces = false;
        ArrayNode rest = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : patch) {
            JsonNode directive = element.get("$patch");
            if (directive == null) {
                rest.add(element);
                continue;
            }
            switch (directive.asString("")) {
                case "delete" -> deleteMatching(original, element);
                case "replace" -> replaces = true;
                case "merge" -> throw new BadPatch(500, "merging lists cannot yet be specified in the patch");
                default ->
                    throw new BadPatch(
                            500, "unknown patch type: " + directive.asString("") + " in map: " + GoText.of(element));
            }
        }
        if (replaces) {
            return rest;
        }
        for (JsonNode element : rest) {
            mergeElement(original, element);
        }
        return order(original, rest, before);
    }

    private void mergeElement(ArrayNode original, JsonNode element) {
        String value = keyOf(element);
        for (int i = 0; i < original.size(); i++) {
            if (value.equals(original.get(i).path(key).asString(""))) {
                original.set(i, objects.apply((ObjectNode) original.get(i), (ObjectNode) element.deepCopy(), type));
                return;
            }
        }
        original.add(Directives.drop(element.deepCopy()));
    }

    private void deleteMatching(ArrayNode original, JsonNode element) {
        String value = keyOf(element);
        for (int i = original.size() - 1; i >= 0; i--) {
            if (value.equals(original.get(i).path(key).asString(""))) {
                original.remove(i);
            }
        }
    }

    private String keyOf(JsonNode element) {
        JsonNode value = element.get(key);
        if (value == null) {
            throw new BadPatch(500, "map: " + GoText.of(element) + " does not contain declared merge key: " + key);
        }
        return value.asString("");
    }

    /** The elements of a change must stand in the order the patch wants for all. */
    void checkOrder(ArrayNode change, ArrayNode wanted) {
        int at = 0;
        for (JsonNode element : change) {
            if (element.has("$patch")) {
                continue;
            }
            while (at < wanted.size() && !same(wanted.get(at), element)) {
                at++;
            }
            if (at == wanted.size()) {
                throw new BadPatch(
                        500,
                        "The order in patch list:\n" + GoText.of(change) + "\n doesn't match $setElementOrder list:\n"
                                + GoText.of(wanted) + "\n");
            }
        }
    }

    /** Elements named in the patch in its order; the others where they stood, as far as that can be. */
    ArrayNode order(ArrayNode merged, ArrayNode wanted, ArrayNode before) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode element : merged) {
            (index(wanted, element) >= 0 ? named : others).add(element);
        }
        named.sort(Comparator.comparingInt(element -> index(wanted, element)));
        others.sort(Comparator.comparingInt(element -> index(before, element)));
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        int left = 0;
        int right = 0;
        while (left < others.size() || right < named.size()) {
            if (left == others.size()) {
                result.add(named.get(right++));
            } else if (right == named.size()) {
                result.add(others.get(left++));
            } else {
                int leftPlace = index(before, others.get(left));
                int rightPlace = index(before, named.get(right));
                boolean takeLeft = leftPlace >= 0 && rightPlace >= 0 && leftPlace < rightPlace;
                result.add(takeLeft ? others.get(left++) : named.get(right++));
            }
        }
        return result;
    }

    private int index(ArrayNode list, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (same(list.get(i), element)) {
                return i;
            }
        }
        return -1;
    }

    private boolean same(JsonNode left, JsonNode right) {
        if (left.isObject() && right.isObject() && !key.isEmpty()) {
            return left.has(key)
                    && left.path(key).asString("").equals(right.path(key).asString(""));
        }
        return left.equals(right);
    }

    private static ArrayNode without(ArrayNode original, ArrayNode removed) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        Set<JsonNode> gone = new LinkedHashSet<>();
        removed.forEach(gone::add);
        original.forEach(element -> {
            if (!gone.contains(element)) {
                kept.add(element);
            }
        });
        return kept;
    }

    private static ArrayNode array(Iterable<JsonNode> elements) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        elements.forEach(array::add);
        return array;
    }
}
