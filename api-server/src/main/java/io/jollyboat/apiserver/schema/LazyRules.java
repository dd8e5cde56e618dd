package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;

/** The rules of a schema, compiled when an object first needs them: that takes long, and many never do. */
final class LazyRules {
    private JSONSchemaProps schema;
    private volatile RuleNode compiled;

    /** @param schema one that has rules */
    LazyRules(JSONSchemaProps schema) {
        this.schema = schema;
    }

    RuleNode get() {
        RuleNode known = compiled;
        return known != null ? known : compile();
    }

    private synchronized RuleNode compile() {
        if (compiled == null) {
            compiled = RuleNode.of(schema, true);
            schema = null;
        }
        return compiled;
    }
}
