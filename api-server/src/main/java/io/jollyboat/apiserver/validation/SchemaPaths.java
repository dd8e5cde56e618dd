package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the schema of a field by its path, such as {@code .spec.a} or {@code .spec['a']}. */
final class SchemaPaths {
    private static final Pattern STEP = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_]*)|\\['([^']*)'\\]");

    private SchemaPaths() {}

    /** Null where there is no such field. */
    static JSONSchemaProps find(JSONSchemaProps schema, String path) {
        Matcher step = STEP.matcher(path);
        JSONSchemaProps found = schema;
        int at = 0;
        while (at < path.length()) {
            if (!step.find(at) || step.start() != at) {
                return null;
            }
            String name = step.group(1) == null ? step.group(2) : step.group(1);
            found = found.getPropertiesMap().get(name);
            if (found == null) {
                return null;
            }
            at = step.end();
        }
        return path.isEmpty() ? null : found;
    }
}
