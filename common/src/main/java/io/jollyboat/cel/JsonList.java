package io.jollyboat.cel;

import java.util.AbstractList;
import tools.jackson.databind.JsonNode;

/** A JSON array as a list whose elements are made when asked for. */
final class JsonList extends AbstractList<Object> implements JsonBacked {

    private final JsonNode node;

    JsonList(JsonNode node) {
        this.node = node;
    }

    @Override
    public JsonNode json() {
        return node;
    }

    @Override
    public Object get(int index) {
        return Values.of(node.get(index));
    }

    @Override
    public int size() {
        return node.size();
    }
}
