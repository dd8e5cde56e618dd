package io.jollyboat.kubelet.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry of images over plain HTTP, whose repositories may be private or slow. */
public final class TestRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> waiting = new CopyOnWriteArrayList<>();

    public TestRegistry(String address) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v2/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** Host and port. */
    public String name() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** @return the manifest's digest */
    public String add(String repository, String tag, OciImage image) {
        OciImage.Parts parts = image.parts();
        String digest = "sha256:" + OciImage.digest(parts.manifest());
        manifests.put(repository + ":" + tag, parts.manifest());
        manifests.put(repository + ":" + digest, parts.manifest());
        blobs.put("sha256:" + OciImage.digest(parts.config()), parts.config());
        blobs.put("sha256:" + OciImage.digest(parts.layer()), parts.layer());
        return digest;
    }

    /** From now on only for one user; a second call replaces the password. */
    public void protect(String repository, String user, String password) {
        users.put(
                repository,
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /** Requests about the repository wait until the latch opens. */
    public CountDownLatch hold(String repository) {
        CountDownLatch latch = new CountDownLatch(1);
        held.put(repository, latch);
        return latch;
    }

    /** Repositories whose requests wait just now, each once. */
    public List<String> waiting() {
        return waiting.stream().distinct().sorted().toList();
    }

    /** Tags and digests of manifests that were asked for with success, as {@code repository:tag}. */
    public List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] words =
                exchange.getRequestURI().getPath().substring("/v2/".length()).split("/(?=manifests/|blobs/)");
        if (words.length < 2) {
            send(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        String repository = words[0];
        String reference = words[1].substring(words[1].indexOf('/') + 1);
        await(repository);
        String user = users.get(repository);
        if (user != null && !user.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
            error(exchange, 401, "UNAUTHORIZED");
            return;
        }
        boolean manifest = words[1].startsWith("manifests/");
        byte[] content = manifest ? manifests.get(repository + ":" + reference) : blobs.get(reference);
        if (content == null) {
            error(exchange, 404, manifest ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN");
            return;
        }
        if (manifest) {
            asked.add(repository + ":" + reference);
        }
        exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + OciImage.digest(content));
        send(exchange, 200, manifest ? MANIFEST : "application/octet-stream", content);
    }

    private void await(String repository) throws IOException {
        CountDownLatch latch = held.get(repository);
        if (latch == null) {
            return;
        }
        waiting.add(repository);
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            waiting.remove(repository);
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        send(
                exchange,
                status,
                "application/json",
                ("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"no\"}]}").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        held.values().forEach(CountDownLatch::countDown);
        server.stop(0);
        threads.close();
    }
}
