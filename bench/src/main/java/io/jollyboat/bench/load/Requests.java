package io.jollyboat.bench.load;

import io.jollyboat.bench.target.Target;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes the bytes of requests. */
public final class Requests {
    private static final String JSON = "application/json";

    private final String common;

    public Requests(Target target) {
        this.common = "Host: " + target.authority() + "\r\nUser-Agent: jollyboat-bench\r\n"
                + (target.token().isEmpty() ? "" : "Authorization: Bearer " + target.token() + "\r\n");
    }

    public byte[] get(String path) {
        return get(path, JSON);
    }

    /** @param accept the wanted media type */
    public byte[] get(String path, String accept) {
        return head("GET", path, accept).append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    public byte[] delete(String path) {
        return body("DELETE", path, JSON, "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"}");
    }

    public byte[] post(String path, String json) {
        return body("POST", path, JSON, json);
    }

    public byte[] put(String path, String json) {
        return body("PUT", path, JSON, json);
    }

    /** A JSON merge patch. */
    public byte[] patch(String path, String json) {
        return body("PATCH", path, "application/merge-patch+json", json);
    }

    private byte[] body(String method, String path, String type, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 256);
        out.writeBytes(head(method, path, JSON)
                .append("Content-Type: ")
                .append(type)
                .append("\r\nContent-Length: ")
                .append(bytes.length)
                .append("\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private StringBuilder head(String method, String path, String accept) {
        return new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\n")
                .append(common)
                .append("Accept: ")
                .append(accept)
                .append("\r\n");
    }
}
