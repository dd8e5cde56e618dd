package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.STRING;

/** {@code jsonpatch.escapeKey}, which only mutation policies have. */
final class JsonPatchFunctions {

    private JsonPatchFunctions() {}

    static void declare(Declarations to) {
        to.global(
                "jsonpatch.escapeKey",
                "string_jsonpatch_escapeKey_string",
                STRING,
                a -> ((String) a[0]).replace("~", "~0").replace("/", "~1"),
                STRING);
    }
}
