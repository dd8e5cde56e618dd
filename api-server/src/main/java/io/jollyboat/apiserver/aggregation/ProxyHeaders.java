package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.auth.UserInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How another server is told who asks: upstream's headers of a front proxy. */
public final class ProxyHeaders {
    public static final String USER = "X-Remote-User";
    public static final String UID = "X-Remote-Uid";
    public static final String GROUP = "X-Remote-Group";
    public static final String EXTRA_PREFIX = "X-Remote-Extra-";

    private static final String TOKEN_SIGNS = "!#$&'*+-.^_`|~";

    private ProxyHeaders() {}

    /** Whether it is one of them, which nobody else may send. */
    public static boolean isOne(String header) {
        String lower = header.toLowerCase(Locale.ROOT);
        return lower.equals("x-remote-user")
                || lower.equals("x-remote-uid")
                || lower.equals("x-remote-group")
                || lower.startsWith("x-remote-extra-");
    }

    /** The headers that say it is this user. */
    public static List<Map.Entry<String, String>> of(UserInfo user) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry(USER, value(user.name())));
        if (!user.uid().isEmpty()) {
            headers.add(Map.entry(UID, value(user.uid())));
        }
        user.groups().forEach(group -> headers.add(Map.entry(GROUP, value(group))));
        user.extra()
                .forEach((key, values) ->
                        values.forEach(value -> headers.add(Map.entry(EXTRA_PREFIX + escaped(key), value(value)))));
        return headers;
    }

    /** Nothing in a name may end the header; bytes beyond ASCII go as they are. */
    private static String value(String text) {
        String line = text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
        return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Percent signs for what a header's name cannot hold. */
    static String escaped(String key) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean legal = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || TOKEN_SIGNS.indexOf(c) >= 0;
            if (legal) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02x", (int) c));
            }
        }
        return escaped.toString();
    }
}
