package io.jollyboat.kubelet.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of an HTTP request.
 *
 * @param headers names in lower case, in their order
 */
record Request(String method, String path, Map<String, List<String>> query, Map<String, String> headers) {
    private static final int MAX_HEAD = 64 << 10;

    /** Null at the end of the connection; IOException when it is no HTTP. */
    static Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                if (head.isEmpty()) {
                    return null;
                }
                throw new EOFException("connection ended within a request");
            }
            head.append((char) c);
            if (head.length() > MAX_HEAD) {
                throw new IOException("request head too long");
            }
        }
        String[] lines = head.toString().split("\r\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            throw new IOException("malformed request line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.merge(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(),
                        (a, b) -> a + ", " + b);
            }
        }
        int question = first[1].indexOf('?');
        String path = question < 0 ? first[1] : first[1].substring(0, question);
        return new Request(
                first[0],
                URLDecoder.decode(path, StandardCharsets.UTF_8),
                query(question < 0 ? "" : first[1].substring(question + 1)),
                headers);
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), n -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    List<String> segments() {
        List<String> segments = new ArrayList<>(List.of(path.split("/")));
        segments.removeIf(String::isEmpty);
        return segments;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst).filter(v -> !v.isEmpty());
    }

    /** Upstream writes true as {@code true} and as {@code 1}. */
    boolean flag(String... names) {
        for (String name : names) {
            Optional<String> value = parameter(name);
            if (value.isPresent() && (value.get().equals("true") || value.get().equals("1"))) {
                return true;
            }
        }
        return false;
    }

    /** What a header lists, separated by commas. */
    List<String> list(String header) {
        return Arrays.stream(headers.getOrDefault(header, "").split(","))
                .map(String::strip)
                .filter(v -> !v.isEmpty())
                .toList();
    }

    boolean isWebSocket() {
        return isUpgrade() && headers.getOrDefault("upgrade", "").equalsIgnoreCase("websocket");
    }

    boolean isUpgrade() {
        return headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("upgrade");
    }
}
