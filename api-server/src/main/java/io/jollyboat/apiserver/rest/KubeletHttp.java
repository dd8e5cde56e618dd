package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Plain requests to kubelets, answered as they come. Verifies the kubelet against the cluster's authority. */
final class KubeletHttp {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int MAX_ERROR_BYTES = 16 * 1024;

    private final Supplier<SSLContext> tls;
    private HttpClient client;

    KubeletHttp(Supplier<SSLContext> tls) {
        this.tls = tls;
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .sslContext(tls.get())
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        }
        return client;
    }

    /** A log: text as it comes; the kubelet's refusals become a Status. */
    void stream(HttpExchange exchange, KubeletLocator.Address kubelet, String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(kubelet, path)).GET().build();
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw failure(response.statusCode(), body);
            }
            exchange.onGone(() -> closeQuietly(body));
            exchange.begin(200, "text/plain");
            copy(exchange, body);
        } catch (IOException e) {
            cut(exchange, e);
        }
    }

    private static URI uri(KubeletLocator.Address kubelet, String path) {
        try {
            return URI.create("https://" + kubelet.authority() + path);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws InterruptedException {
        try {
            return client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unreachable(request.uri().toString(), e);
        }
    }

    static ApiException unreachable(String url, IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return ApiException.of(500, "InternalError", "Get \"" + url + "\": " + why);
    }

    private static void copy(HttpExchange exchange, InputStream body) throws IOException, InterruptedException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
            if (length > 0 && !exchange.write(Arrays.copyOf(piece, length))) {
                return;
            }
        }
        exchange.end();
    }

    private static void cut(HttpExchange exchange, IOException e) {
        if (!exchange.answered()) {
            throw ApiException.of(500, "InternalError", String.valueOf(e.getMessage()));
        }
        exchange.abort();
    }

    private static ApiException failure(int code, InputStream body) throws IOException {
        String text = new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8).strip();
        return switch (code) {
            case 400 -> ApiException.badRequest(text);
            case 404 -> ApiException.of(404, "NotFound", text);
            case 403 -> ApiException.of(403, "Forbidden", text);
            default -> ApiException.of(500, "InternalError", "Internal error occurred: " + text);
        };
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is being given up anyway.
        }
    }
}
