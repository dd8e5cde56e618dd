package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.request.QueryParams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The path and query of a request, read as Go reads them: a path that cannot be decoded is no request, while parts of a
 * query that cannot be decoded are passed over.
 */
record RequestTarget(String path, QueryParams query) {
    /** Null for what is no target. */
    static RequestTarget parse(String uri) {
        String text = uri.startsWith("/") ? uri : withoutAuthority(uri);
        if (text == null || hasControls(text)) {
            return null;
        }
        int question = text.indexOf('?');
        String raw = question < 0 ? text : text.substring(0, question);
        String path = raw.indexOf('%') < 0 ? raw : decoded(raw, false);
        if (path == null) {
            return null;
        }
        return new RequestTarget(path, question < 0 ? QueryParams.NONE : query(text.substring(question + 1)));
    }

    /** A proxy's form, {@code https://host/path}. */
    private static String withoutAuthority(String uri) {
        int scheme = uri.indexOf("://");
        if (uri.equals("*")) {
            return uri;
        }
        if (scheme <= 0) {
            return null;
        }
        int slash = uri.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : uri.substring(slash);
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static QueryParams query(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int at = 0;
        while (at <= text.length()) {
            int and = text.indexOf('&', at);
            int end = and < 0 ? text.length() : and;
            pair(values, text.substring(at, end));
            at = end + 1;
        }
        return values.isEmpty() ? QueryParams.NONE : new QueryParams(values);
    }

    private static void pair(Map<String, List<String>> values, String pair) {
        if (pair.isEmpty() || pair.indexOf(';') >= 0) {
            return;
        }
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
        if (name != null && value != null) {
            values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
        }
    }

    /** Null where a percent sign does not begin two hexadecimal digits. */
    private static String decoded(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0) {
            return plusIsSpace ? text.replace('+', ' ') : text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.write(' ');
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
