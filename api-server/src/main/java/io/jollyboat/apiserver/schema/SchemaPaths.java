package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;

/** Finds the schema of a field by its path, such as {@code .spec.a} or {@code .spec['a']}, in upstream's words. */
final class SchemaPaths {
    private static final String NO_FIELD = "does not refer to a valid field";

    private final String text;
    private final boolean brackets;
    private final StringBuilder path = new StringBuilder();
    private int at;
    private JSONSchemaProps schema;
    private String problem;

    private SchemaPaths(JSONSchemaProps schema, String text, boolean brackets) {
        this.schema = schema;
        this.text = text;
        this.brackets = brackets;
    }

    /**
     * What a path leads to.
     *
     * @param path as upstream prints it, such as {@code spec.a[b]}
     * @param schema null where the place has none
     * @param problem null where all is well
     */
    record Found(String path, JSONSchemaProps schema, String problem) {}

    /** @param brackets whether {@code ['a']} is allowed */
    static Found find(JSONSchemaProps schema, String text, boolean brackets) {
        SchemaPaths search = new SchemaPaths(schema, text, brackets);
        while (search.problem == null && search.at < text.length()) {
            search.step();
        }
        return new Found(search.path.toString(), search.schema, search.problem);
    }

    private void step() {
        String token = token();
        switch (token) {
            case "[" -> bracket();
            case "." -> {
                String name = token();
                if (name == null) {
                    problem = "unexpected end of JSON path";
                } else {
                    into(name);
                }
            }
            default -> problem = "expected [ or . but got: " + token;
        }
    }

    private void bracket() {
        if (!brackets) {
            problem = "array notation is not allowed";
            return;
        }
        String name = token();
        if (name == null) {
            problem = "unexpected end of JSON path";
        } else if (name.length() < 2 || name.charAt(0) != '\'' || !name.endsWith("'")) {
            problem = "expected single quoted string but got " + name;
        } else {
            into(name.substring(1, name.length() - 1).replace("\\'", "'").replace("\\\\", "\\"));
        }
        if (problem != null) {
            return;
        }
        String end = token();
        if (end == null) {
            problem = "unexpected end of JSON path";
        } else if (!end.equals("]")) {
            problem = "expected ] but got " + end;
        }
    }

    private void into(String name) {
        if (schema != null && schema.getPropertiesCount() > 0) {
            path.append(path.isEmpty() ? "" : ".").append(name);
            schema = schema.getPropertiesMap().get(name);
            problem = schema == null ? NO_FIELD : null;
        } else if (schema != null && schema.hasAdditionalProperties()) {
            path.append('[').append(name).append(']');
            schema = schema.getAdditionalProperties().hasSchema()
                    ? schema.getAdditionalProperties().getSchema()
                    : null;
        } else {
            problem = NO_FIELD;
        }
    }

    /** A delimiter, a text in quotes, or what stands up to the next delimiter; null at the end. */
    private String token() {
        if (at >= text.length()) {
            return null;
        }
        int from = at;
        if (text.charAt(at) == '\'') {
            at++;
            while (at < text.length() && (text.charAt(at) != '\'' || text.charAt(at - 1) == '\\')) {
                at++;
            }
            at = Math.min(at + 1, text.length());
        } else {
            at++;
            while (".[]".indexOf(text.charAt(from)) < 0 && at < text.length() && ".[]".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
        return text.substring(from, at);
    }
}
