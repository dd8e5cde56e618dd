package io.jollyboat.apiserver.request;

import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Strictness;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The body of an apply.
 *
 * @param duplicates a text for each key that occurs twice
 */
record AppliedBody(JsonNode tree, List<String> duplicates) {
    /** 400 for what is no YAML object. */
    static AppliedBody read(byte[] yaml) {
        List<String> duplicates = new ArrayList<>();
        JsonNode tree;
        try {
            tree = YamlCodec.tree(yaml, duplicates);
        } catch (DecodeException e) {
            throw ApiException.badRequest("error decoding YAML: error converting YAML to JSON: " + e.getMessage());
        }
        if (tree.isNull()) {
            return new AppliedBody(JsonNodeFactory.instance.objectNode(), duplicates);
        }
        if (!tree.isObject()) {
            String kind = tree.isArray() ? "array" : tree.isString() ? "string" : tree.isBoolean() ? "bool" : "number";
            throw ApiException.badRequest("error decoding YAML: error unmarshaling JSON: while decoding JSON: json:"
                    + " cannot unmarshal " + kind + " into Go value of type map[string]interface {}");
        }
        return new AppliedBody(tree, duplicates);
    }

    /** Warns of keys that occur twice, or refuses them, as the call wants. */
    void tell(Call call) {
        if (duplicates.isEmpty() || call.fieldValidation() == Strictness.IGNORE) {
            return;
        }
        String text = "error converting YAML to JSON: yaml: unmarshal errors:\n  " + String.join("\n  ", duplicates);
        if (call.fieldValidation() == Strictness.STRICT) {
            throw ApiException.badRequest("error strict decoding YAML: " + text);
        }
        call.warn(text);
    }
}
