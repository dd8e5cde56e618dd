package io.jollyboat.apiserver.managed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One step from an object into it: to a field, or to an element of a list by its keys, its value or its place. */
final class Step implements Comparable<Step> {
    /** In the order of steps that stand side by side. */
    enum Kind {
        FIELD,
        KEYS,
        VALUE,
        INDEX
    }

    /** One of the fields that tell an element apart. */
    record Key(String name, Object value) {}

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Comparator<Key> BY_NAME = (a, b) -> Scalars.compareText(a.name, b.name);

    private final Kind kind;
    private final String name;
    /** The scalar of a VALUE, the keys, or the index. */
    private final Object detail;
    /** The name in {@code fieldsV1}, with quotes and colon. */
    private byte[] token;

    private Step(Kind kind, String name, Object detail) {
        this.kind = kind;
        this.name = name;
        this.detail = detail;
    }

    static Step field(String name) {
        return new Step(Kind.FIELD, name, null);
    }

    static Step keys(List<Key> keys) {
        if (keys.size() < 2) {
            return new Step(Kind.KEYS, null, keys);
        }
        List<Key> sorted = new ArrayList<>(keys);
        sorted.sort(BY_NAME);
        return new Step(Kind.KEYS, null, sorted);
    }

    static Step value(Object scalar) {
        return new Step(Kind.VALUE, null, scalar);
    }

    /**
     * From the name in {@code fieldsV1}; null for a kind of step that is not known.
     *
     * @throws IllegalArgumentException for what is none
     */
    static Step parse(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new IllegalArgumentException("missing colon: " + text);
        }
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> field(rest);
            case 'v' -> value(Scalars.of(json(rest)));
            case 'i' -> new Step(Kind.INDEX, null, Long.valueOf(rest));
            case 'k' -> {
                JsonNode object = json(rest);
                if (!object.isObject()) {
                    throw new IllegalArgumentException("no keys: " + text);
                }
                yield keys(object.properties().stream()
                        .map(field -> new Key(field.getKey(), Scalars.of(field.getValue())))
                        .toList());
            }
            default -> null;
        };
    }

    private static JsonNode json(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new IllegalArgumentException("no JSON: " + text);
            }
            return node;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON: " + text, e);
        }
    }

    Kind kind() {
        return kind;
    }

    /** Of a FIELD. */
    String name() {
        return name;
    }

    @SuppressWarnings("unchecked") // of KEYS
    private List<Key> keys() {
        return (List<Key>) detail;
    }

    byte[] token() {
        byte[] known = token;
        if (known == null) {
            known = Scalars.token(text());
            token = known;
        }
        return known;
    }

    private String text() {
        return switch (kind) {
            case FIELD -> "f:" + name;
            case VALUE -> "v:" + Scalars.json(detail);
            case INDEX -> "i:" + detail;
            case KEYS -> {
                StringBuilder out = new StringBuilder("k:{");
                for (Key key : keys()) {
                    if (out.length() > 3) {
                        out.append(',');
                    }
                    Scalars.text(key.name, true, out);
                    out.append(':');
                    Scalars.json(key.value, out);
                }
                yield out.append('}').toString();
            }
        };
    }

    @Override
    public int compareTo(Step other) {
        if (this == other) {
            return 0;
        }
        if (kind != other.kind) {
            return kind.compareTo(other.kind);
        }
        return switch (kind) {
            case FIELD -> Scalars.compareText(name, other.name);
            case KEYS -> compare(keys(), other.keys());
            case VALUE, INDEX -> Scalars.compare(detail, other.detail);
        };
    }

    private static int compare(List<Key> a, List<Key> b) {
        int length = Math.min(a.size(), b.size());
        for (int i = 0; i < length; i++) {
            int difference = BY_NAME.compare(a.get(i), b.get(i));
            if (difference == 0) {
                difference = Scalars.compare(a.get(i).value, b.get(i).value);
            }
            if (difference != 0) {
                return difference;
            }
        }
        return a.size() - b.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Step step && compareTo(step) == 0;
    }

    @Override
    public int hashCode() {
        return kind == Kind.FIELD ? name.hashCode() : detail == null ? 1 : detail.hashCode();
    }

    /** As conflicts show it. */
    @Override
    public String toString() {
        return switch (kind) {
            case FIELD -> "." + name;
            case VALUE -> "[=" + Scalars.shown(detail) + "]";
            case INDEX -> "[" + detail + "]";
            case KEYS ->
                keys().stream()
                        .map(key -> key.name + "=" + Scalars.shown(key.value))
                        .collect(Collectors.joining(",", "[", "]"));
        };
    }
}
