package io.jollyboat.bench.measure;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a few values in JSON by their keys. The measurements look at many watch events and must not spend their
 * machine's time on a parser.
 */
final class JsonText {
    private JsonText() {}

    /** The first string value of the key. */
    static Optional<String> string(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":\\s*\"([^\"]*)\"").matcher(json);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static boolean has(String json, String key, String value) {
        return json.contains("\"" + key + "\":\"" + value + "\"")
                || json.contains("\"" + key + "\": \"" + value + "\"");
    }
}
