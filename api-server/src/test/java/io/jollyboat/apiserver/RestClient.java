package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the REST door as a client would. */
public final class RestClient implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private final String url;
    private final HttpClient client;

    public RestClient(String url, SSLContext tls, HttpClient.Version version) {
        this.url = url;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(version)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    public static RestClient admin(EmbeddedApiServer server) {
        return new RestClient(server.url(), server.tls(io.jollyboat.tls.Pki::admin), HttpClient.Version.HTTP_2);
    }

    /** An answer. */
    public record Answer(int code, Map<String, List<String>> headers, ByteString body) {
        public byte[] bytes() {
            return body.toByteArray();
        }

        public String text() {
            return body.toStringUtf8();
        }

        public JsonNode json() {
            return JSON.readTree(bytes());
        }

        public String message() {
            return json().path("message").asString("");
        }
    }

    public Answer send(String method, String path, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().map(), ByteString.copyFrom(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path) {
        return send("GET", path, Map.of(), null);
    }

    public Answer post(String path, String json) {
        return send("POST", path, Map.of("Content-Type", "application/json"), bytes(json));
    }

    public Answer put(String path, String json) {
        return send("PUT", path, Map.of("Content-Type", "application/json"), bytes(json));
    }

    public Answer patch(String path, String json) {
        return send("PATCH", path, Map.of("Content-Type", "application/merge-patch+json"), bytes(json));
    }

    public Answer delete(String path) {
        return send("DELETE", path, Map.of(), null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
