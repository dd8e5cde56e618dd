package io.jollyboat.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds fields that occur twice in JSON of any shape. */
public final class JsonDuplicates {
    private static final int MAX_DEPTH = 1_000;

    private final JsonScanner in;
    private final List<String> found = new ArrayList<>();
    private int depth;

    private JsonDuplicates(byte[] json) {
        this.in = new JsonScanner(json);
    }

    /**
     * One text per duplicate field, as upstream words it.
     *
     * @throws DecodeException where the input is no JSON
     */
    public static List<String> find(byte[] json) {
        JsonDuplicates duplicates = new JsonDuplicates(json);
        duplicates.in.validate();
        duplicates.in.at = 0;
        duplicates.value("");
        return duplicates.found;
    }

    private void value(String path) {
        if (++depth > MAX_DEPTH) {
            throw DecodeException.syntax("exceeded max depth");
        }
        switch (in.value()) {
            case '{' -> {
                Set<String> seen = new HashSet<>();
                boolean more = in.enterObject();
                while (more) {
                    in.string();
                    String key = new String(in.text, in.textStart, in.textEnd - in.textStart, StandardCharsets.UTF_8);
                    String inner = path.isEmpty() ? key : path + "." + key;
                    if (!seen.add(key)) {
                        found.add("duplicate field \"" + inner + "\"");
                    }
                    in.colon();
                    value(inner);
                    more = in.nextKey();
                }
            }
            case '[' -> {
                boolean more = in.enterArray();
                for (int i = 0; more; i++) {
                    value(path + "[" + i + "]");
                    more = in.nextElement();
                }
            }
            default -> in.skip();
        }
        depth--;
    }
}
