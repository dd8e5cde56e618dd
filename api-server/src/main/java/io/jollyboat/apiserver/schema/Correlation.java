package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.ListType;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A value of an update beside the one that stood in its place before. Fields go together by name, elements of lists only
 * where keys tell them apart. Not for several threads.
 */
final class Correlation {
    private final JsonNode value;
    private final JsonNode old;
    private final SchemaNode schema;
    private final Map<Object, Correlation> children = new HashMap<>();
    private KeyedElements before;
    private Boolean unchanged;

    /** @param schema null where there is none, and nothing within goes together */
    Correlation(JsonNode value, JsonNode old, SchemaNode schema) {
        this.value = value;
        this.old = old;
        this.schema = schema;
    }

    /** Null where there was no such field. */
    Correlation field(String name) {
        Correlation known = children.get(name);
        if (known != null || schema == null || !value.isObject() || !old.isObject()) {
            return known;
        }
        JsonNode now = value.get(name);
        JsonNode before = old.get(name);
        SchemaNode child = schema.child(name);
        if (now == null || before == null || child == null) {
            return null;
        }
        Correlation made = new Correlation(now, before, child);
        children.put(name, made);
        return made;
    }

    /** Null where no element had the same keys. */
    Correlation element(int index) {
        Correlation known = children.get(index);
        if (known != null || !isKeyed() || !value.isArray() || !old.isArray()) {
            return known;
        }
        if (before == null) {
            before = KeyedElements.of(old, schema.shape.mapKeys());
        }
        JsonNode like = before.like(value.get(index));
        if (like == null || schema.shape.items() == null) {
            return null;
        }
        Correlation made = new Correlation(value.get(index), like, schema.shape.items());
        children.put(index, made);
        return made;
    }

    private boolean isKeyed() {
        return schema != null && schema.shape.listType() == ListType.MAP;
    }

    /** Keyed lists may have changed their order. What the schema does not know counts as changed. */
    boolean isUnchanged() {
        if (unchanged == null) {
            unchanged = compare();
        }
        return unchanged;
    }

    private boolean compare() {
        if (value.isObject() && old.isObject()) {
            return value.size() == old.size()
                    && value.properties().stream().allMatch(field -> isUnchanged(field(field.getKey())));
        }
        if (!value.isArray() || !old.isArray() || !isKeyed()) {
            return Equality.same(value, old);
        }
        if (value.size() != old.size()) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!isUnchanged(element(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnchanged(Correlation child) {
        return child != null && child.isUnchanged();
    }
}
