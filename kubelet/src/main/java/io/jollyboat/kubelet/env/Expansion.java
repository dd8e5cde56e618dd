package io.jollyboat.kubelet.env;

import java.util.Map;

/** Upstream's {@code $(NAME)} references: {@code $$} is a literal dollar, an unknown name stays as written. */
public final class Expansion {
    private Expansion() {}

    public static String expand(String text, Map<String, String> values) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                out.append(c);
                i++;
                continue;
            }
            char next = text.charAt(i + 1);
            int close = next == '(' ? text.indexOf(')', i + 2) : -1;
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (close > 0) {
                String name = text.substring(i + 2, close);
                out.append(values.getOrDefault(name, "$(" + name + ")"));
                i = close + 1;
            } else {
                out.append(c).append(next);
                i += 2;
            }
        }
        return out.toString();
    }
}
