package io.jollyboat.apiserver.schema;

/** A mail address, with or without a name before it. */
final class MailText {
    private static final String ATOM_MARKS = "!#$%&'*+-/=?^_`{|}~";

    private MailText() {}

    static boolean isAddress(String text) {
        String trimmed = strip(text);
        if (!trimmed.endsWith(">")) {
            return isSpec(trimmed);
        }
        int open = trimmed.lastIndexOf('<');
        return open >= 0
                && isName(strip(trimmed.substring(0, open)))
                && isSpec(trimmed.substring(open + 1, trimmed.length() - 1));
    }

    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Words, quoted or not, and remarks in parentheses. */
    private static boolean isName(String name) {
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (c == '"') {
                at = quotedEnd(name, at);
                if (at < 0) {
                    return false;
                }
            } else if (c == '(') {
                at = name.indexOf(')', at) + 1;
                if (at == 0) {
                    return false;
                }
            } else if (isAtom(c) || c == '.') {
                at++;
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpec(String spec) {
        int at;
        if (spec.startsWith("\"")) {
            at = quotedEnd(spec, 0);
            if (at < 0) {
                return false;
            }
        } else {
            at = spec.indexOf('@');
            if (at < 0 || !isDotted(spec.substring(0, at))) {
                return false;
            }
        }
        if (at >= spec.length() || spec.charAt(at) != '@') {
            return false;
        }
        String domain = spec.substring(at + 1);
        if (domain.startsWith("[")) {
            return domain.endsWith("]") && AddressText.isIp(domain.substring(1, domain.length() - 1), false);
        }
        return isDotted(domain);
    }

    /** Behind the closing quote, -1 where there is none. */
    private static int quotedEnd(String text, int open) {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            } else if (c < ' ' && c != '\t') {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isDotted(String text) {
        boolean dots = text.startsWith(".") || text.endsWith(".") || text.contains("..");
        return !text.isEmpty() && !dots && text.chars().allMatch(c -> c == '.' || isAtom((char) c));
    }

    private static boolean isAtom(char c) {
        return Texts.isAlphanumeric(c) || ATOM_MARKS.indexOf(c) >= 0 || c >= 0x80;
    }
}
