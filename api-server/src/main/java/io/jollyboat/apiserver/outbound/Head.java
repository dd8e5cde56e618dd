package io.jollyboat.apiserver.outbound;

import java.util.List;
import java.util.Map;

/** Status line and headers of an answer. */
public record Head(int code, String version, List<Map.Entry<String, String>> headers) {
    /** Null when absent. */
    public String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    boolean has(String name, String token) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                for (String one : header.getValue().split(",")) {
                    if (one.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
