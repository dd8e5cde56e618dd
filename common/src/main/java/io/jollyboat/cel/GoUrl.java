package io.jollyboat.cel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A URL taken apart as Go's net/url does it, as far as its parts are visible to expressions. */
record GoUrl(String scheme, String host, String escapedPath, String query, String fragment) {

    private static final String PATH_SAFE = "-_.~$&+,/:;=@!'()*[]%";

    /** Why Go's ParseRequestURI refuses a text, or null. */
    static String requestError(String text) {
        String problem = problem(text);
        return problem == null ? null : "parse " + GoText.quote(text) + ": " + problem;
    }

    private static String problem(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
                return "net/url: invalid control character in URL";
            }
        }
        if (text.isEmpty()) {
            return "empty url";
        }
        int colon = schemeEnd(text);
        if (colon == 0) {
            return "missing protocol scheme";
        }
        String rest = colon < 0 ? text : text.substring(colon + 1);
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        if (!path.startsWith("/")) {
            return colon > 0 ? null : "invalid URI for request";
        }
        if (colon > 0 && path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String authority = slash < 0 ? path.substring(2) : path.substring(2, slash);
            String host = hostProblem(authority.substring(authority.lastIndexOf('@') + 1));
            if (host != null) {
                return host;
            }
            path = slash < 0 ? "" : path.substring(slash);
        }
        return escapeProblem(path);
    }

    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (c == ':') {
                return i;
            }
            if (!letter && (i == 0 || !(Character.isDigit(c) || c == '+' || c == '-' || c == '.'))) {
                return -1;
            }
        }
        return -1;
    }

    private static String hostProblem(String host) {
        if (host.startsWith("[")) {
            int end = host.lastIndexOf(']');
            if (end < 0) {
                return "missing ']' in host";
            }
            String port = host.substring(end + 1);
            return validPort(port) ? null : "invalid port " + GoText.quote(port) + " after host";
        }
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && !validPort(host.substring(colon))) {
            return "invalid port " + GoText.quote(host.substring(colon)) + " after host";
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (" <>\"\\^`{|}".indexOf(c) >= 0 && "<>\"".indexOf(c) < 0) {
                return "invalid character " + GoText.quote(String.valueOf(c)) + " in host name";
            }
        }
        return escapeProblem(host);
    }

    private static boolean validPort(String port) {
        return port.isEmpty()
                || (port.startsWith(":") && port.substring(1).chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    private static String escapeProblem(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            String escape = text.substring(i, Math.min(i + 3, text.length()));
            if (escape.length() < 3 || !isHex(escape.charAt(1)) || !isHex(escape.charAt(2))) {
                return "invalid URL escape " + GoText.quote(escape);
            }
        }
        return null;
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    /** Takes apart what {@link #requestError} accepted. */
    static GoUrl parse(String text) {
        int hash = text.indexOf('#');
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String url = hash < 0 ? text : text.substring(0, hash);
        int colon = schemeEnd(url);
        String scheme = colon > 0 ? url.substring(0, colon).toLowerCase(java.util.Locale.ROOT) : "";
        String rest = colon > 0 ? url.substring(colon + 1) : url;
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String path = question < 0 ? rest : rest.substring(0, question);
        String host = "";
        if (!path.startsWith("/") && !scheme.isEmpty()) {
            return new GoUrl(scheme, "", "", query, fragment);
        }
        if (path.startsWith("//") && (!scheme.isEmpty() || !path.startsWith("///"))) {
            int slash = path.indexOf('/', 2);
            String authority = slash < 0 ? path.substring(2) : path.substring(2, slash);
            String encoded = authority.substring(authority.lastIndexOf('@') + 1);
            String decoded = unescape(encoded);
            host = decoded == null ? encoded : decoded;
            path = slash < 0 ? "" : path.substring(slash);
        }
        return new GoUrl(scheme, host, escaped(path), query, fragment);
    }

    /** A path that is a valid encoding stays as it was written. */
    private static String escaped(String path) {
        boolean valid =
                path.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || PATH_SAFE.indexOf(c) >= 0));
        if (valid || path.equals("*")) {
            return path;
        }
        StringBuilder encoded = new StringBuilder();
        String plain = unescape(path);
        for (byte b : (plain == null ? path : plain).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-_.~$&+/:=@".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    String hostname() {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    String port() {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? "" : host.substring(colon + 1);
    }

    /** The text without percent escapes, or null where one is broken. */
    static String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                plain.write(bytes[i]);
            } else if (i + 2 < bytes.length && isHex((char) bytes[i + 1]) && isHex((char) bytes[i + 2])) {
                plain.write(HexFormat.fromHexDigit(bytes[i + 1]) * 16 + HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                return null;
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }
}
