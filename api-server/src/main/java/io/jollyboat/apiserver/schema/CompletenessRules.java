package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.TreeMap;

/** What a condition speaks of, the schema outside of conditions must declare. */
final class CompletenessRules {
    private CompletenessRules() {}

    static void check(Problems problems, JSONSchemaProps schema, String path) {
        conditions(problems, schema, schema, path, path);
    }

    private static void conditions(
            Problems problems, JSONSchemaProps value, JSONSchemaProps declared, String path, String valuePath) {
        if (value.hasNot()) {
            nested(problems, value.getNot(), declared, path, valuePath + ".not");
        }
        each(problems, value.getAllOfList(), declared, path, valuePath + ".allOf");
        each(problems, value.getAnyOfList(), declared, path, valuePath + ".anyOf");
        each(problems, value.getOneOfList(), declared, path, valuePath + ".oneOf");
    }

    private static void each(
            Problems problems, List<JSONSchemaProps> values, JSONSchemaProps declared, String path, String valuePath) {
        for (int i = 0; i < values.size(); i++) {
            nested(problems, values.get(i), declared, path, valuePath + "[" + i + "]");
        }
    }

    /** @param declared null where the schema says nothing of the place */
    private static void nested(
            Problems problems, JSONSchemaProps value, JSONSchemaProps declared, String path, String valuePath) {
        if (declared == null) {
            problems.required(path, "because it is defined in " + valuePath);
            return;
        }
        conditions(problems, value, declared, path, valuePath);
        if (value.getItems().hasSchema()) {
            nested(
                    problems,
                    value.getItems().getSchema(),
                    declared.getItems().hasSchema() ? declared.getItems().getSchema() : null,
                    path + ".items",
                    valuePath + ".items");
        }
        new TreeMap<>(value.getPropertiesMap()).forEach((name, child) -> {
            String step = ".properties[" + name + "]";
            nested(problems, child, declared.getPropertiesMap().get(name), path + step, valuePath + step);
        });
    }
}
