package io.jollyboat.apiserver.schema;

/** What stands in an HTTP request line, as Go reads it: a whole URL, or a path from the root. */
final class UriText {
    private static final String HOST_MARKS = "!$&'()*+,;=:[]<>\"-_.~";
    private static final String USER_MARKS = "-._:~!$&'()*+,;=%@";

    private UriText() {}

    static boolean isRequestUri(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return false;
        }
        if (text.equals("*")) {
            return true;
        }
        int colon = schemeEnd(text);
        if (colon == 0) {
            return false;
        }
        boolean hasScheme = colon > 0;
        String rest = hasScheme ? text.substring(colon + 1) : text;
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        if (!path.startsWith("/")) {
            return hasScheme;
        }
        if (hasScheme && path.startsWith("//")) {
            int end = path.indexOf('/', 2);
            String authority = path.substring(2, end < 0 ? path.length() : end);
            path = end < 0 ? "" : path.substring(end);
            if (!isAuthority(authority)) {
                return false;
            }
        }
        return isEscaped(path);
    }

    /** Where the scheme's colon stands, -1 where there is no scheme. */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i;
            }
            boolean inside = Texts.isDigit(c) || c == '+' || c == '-' || c == '.';
            if (!Texts.isLetter(c) && (i == 0 || !inside)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isAuthority(String authority) {
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String user = authority.substring(0, at);
            boolean fine = user.chars()
                            .allMatch(c -> c < 0x80 && (Texts.isAlphanumeric((char) c) || USER_MARKS.indexOf(c) >= 0))
                    && isEscaped(user);
            if (!fine) {
                return false;
            }
        }
        String host = authority.substring(at + 1);
        if (host.startsWith("[")) {
            int end = host.lastIndexOf(']');
            return end > 0 && isPort(host.substring(end + 1)) && isHost(host.substring(0, end));
        }
        if (host.indexOf('[') >= 0) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        return (colon < 0 || isPort(host.substring(colon))) && isHost(host);
    }

    private static boolean isPort(String text) {
        return text.isEmpty() || text.matches(":[0-9]*");
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c < 0x80 && !Texts.isAlphanumeric(c) && HOST_MARKS.indexOf(c) < 0 && c != '%') {
                return false;
            }
            if (c == '%') {
                boolean zone = host.startsWith("[") && host.startsWith("%25", i);
                boolean beyondAscii = i + 2 < host.length()
                        && Texts.isHex(host.charAt(i + 1))
                        && Texts.isHex(host.charAt(i + 2))
                        && Character.digit(host.charAt(i + 1), 16) >= 8;
                if (!zone && !beyondAscii) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isEscaped(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (i + 2 >= text.length() || !Texts.isHex(text.charAt(i + 1)) || !Texts.isHex(text.charAt(i + 2))) {
                return false;
            }
        }
        return true;
    }
}
