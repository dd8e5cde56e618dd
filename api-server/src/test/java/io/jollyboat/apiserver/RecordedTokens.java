package io.jollyboat.apiserver;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What stands in a recording for that which differs each time, such as {@code <uid2>}, and what it is this time. */
final class RecordedTokens {
    private static final Pattern TOKEN = Pattern.compile("<(rv|uid|continue|time)(\\d*)>");

    private final Map<String, String> bound = new HashMap<>();

    /** Learns from an answer what stands where its recording has tokens. */
    void learn(JsonNode expected, JsonNode given) {
        if (expected.isString() && TOKEN.matcher(expected.asString()).matches() && given.isString()) {
            bound.put(expected.asString(), given.asString());
        } else if (expected.isObject()) {
            expected.properties().forEach(field -> learn(field.getValue(), given.path(field.getKey())));
        } else if (expected.isArray()) {
            for (int i = 0; i < expected.size(); i++) {
                learn(expected.get(i), given.path(i));
            }
        }
    }

    /** The text as it is to be said this time; null where it needs what was not learned. */
    String inText(String text) {
        return filled(text, false);
    }

    /** The same of a URL. */
    String inUrl(String text) {
        return filled(text, true);
    }

    private String filled(String text, boolean url) {
        Matcher matcher = TOKEN.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String value = bound.get(matcher.group());
            if (value == null) {
                return null;
            }
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(url ? URLEncoder.encode(value, StandardCharsets.UTF_8) : value));
        }
        return matcher.appendTail(result).toString();
    }

    /** The text with tokens for what was learned, as far as that is long enough to be told from other text. */
    String outOf(String text) {
        String result = text;
        for (Map.Entry<String, String> token : bound.entrySet()) {
            if (token.getValue().length() > 20) {
                result = result.replace(token.getValue(), token.getKey());
            }
        }
        return result;
    }
}
