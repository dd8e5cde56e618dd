package io.jollyboat.apiserver.schema;

/** Where a walk through an object is, as text that grows and shrinks with it. */
final class PathText {
    private final StringBuilder text;

    PathText(String start) {
        this.text = new StringBuilder(start);
    }

    int length() {
        return text.length();
    }

    /** To leave what was entered at this length. */
    void cut(int length) {
        text.setLength(length);
    }

    /** A field, after a dot unless it is the first. */
    PathText field(String name) {
        if (!text.isEmpty()) {
            text.append('.');
        }
        text.append(name);
        return this;
    }

    /** A field after a dot in any case. */
    PathText dotted(String name) {
        text.append('.').append(name);
        return this;
    }

    /** A key of a map, in brackets. */
    PathText key(String name) {
        text.append('[').append(name).append(']');
        return this;
    }

    PathText index(int index) {
        text.append('[').append(index).append(']');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
