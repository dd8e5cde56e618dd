package io.jollyboat.apiserver.rest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A complete answer.
 *
 * @param contentType null for none
 * @param headers beside those that every answer has
 * @param body chunks, shared and never changed
 */
record Reply(int code, String contentType, Map<String, List<String>> headers, List<byte[]> body) {
    static Reply of(int code, String contentType, byte[] body) {
        return new Reply(code, contentType, Map.of(), List.of(body));
    }

    static Reply text(int code, String text) {
        return of(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply empty(int code) {
        return new Reply(code, null, Map.of(), List.of());
    }

    long length() {
        long length = 0;
        for (byte[] chunk : body) {
            length += chunk.length;
        }
        return length;
    }

    Reply with(String header, String value) {
        Map<String, List<String>> more = new java.util.LinkedHashMap<>(headers);
        more.put(header, List.of(value));
        return new Reply(code, contentType, more, body);
    }
}
