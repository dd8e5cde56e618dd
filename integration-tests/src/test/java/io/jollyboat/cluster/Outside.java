package io.jollyboat.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cluster may find outside of itself: an address on an interface of its own, with a DNS server that knows one name
 * and a registry with one image. Below {@code private/} the registry asks for a password.
 */
final class Outside implements AutoCloseable {
    static final String ADDRESS = "198.51.100.2";
    static final String NAME = "www.outside.test";
    private static final String LINK = "jollytestout";
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString("ann:sesame".getBytes(StandardCharsets.UTF_8));
    private static final Pattern DIGEST = Pattern.compile("\"digest\":\\s*\"(sha256:[0-9a-f]{64})\"");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final DatagramSocket dns;
    private final HttpServer registry;
    private final Path image;

    /** @param image an OCI layout, unpacked here from the archive once it is there */
    Outside(Path image) throws Exception {
        this.image = image;
        run("ip", "link", "add", LINK, "type", "bridge");
        run("ip", "address", "add", ADDRESS + "/24", "dev", LINK);
        run("ip", "link", "set", LINK, "up");
        dns = new DatagramSocket(53, InetAddress.getByName(ADDRESS));
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0), 0);
        registry.setExecutor(threads);
        registry.createContext("/v2/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        registry.start();
        threads.execute(this::serveDns);
    }

    int port() {
        return registry.getAddress().getPort();
    }

    String registry() {
        return ADDRESS + ":" + port();
    }

    /** Takes the image out of its archive. */
    void unpack(Path archive) throws Exception {
        Files.createDirectories(image);
        run("tar", "-xf", archive.toString(), "-C", image.toString());
    }

    String digest() throws IOException {
        Matcher digest = DIGEST.matcher(Files.readString(image.resolve("index.json")));
        if (!digest.find()) {
            throw new IOException("no manifest in " + image);
        }
        return digest.group(1);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean locked = path.startsWith("/v2/private/")
                && !AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        String wanted = path.substring(path.lastIndexOf('/') + 1);
        if (locked) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"outside\"");
            send(exchange, 401, "application/json", new byte[0]);
        } else if (path.equals("/v2/")) {
            send(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
        } else if (path.contains("/manifests/") && (wanted.equals("1") || wanted.equals(digest()))) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest());
            send(exchange, 200, "application/vnd.oci.image.manifest.v1+json", blob(digest()));
        } else if (path.contains("/blobs/sha256:")) {
            send(exchange, 200, "application/octet-stream", blob(wanted));
        } else {
            send(
                    exchange,
                    404,
                    "application/json",
                    "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] blob(String digest) throws IOException {
        return Files.readAllBytes(image.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void serveDns() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                dns.receive(packet);
                byte[] answer = answer(packet.getData());
                dns.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static byte[] answer(byte[] query) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        for (; query[at] != 0; at += query[at] + 1) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
        }
        boolean known = name.toString().equals(NAME);
        boolean address = known && query[at + 2] == 1;
        ByteBuffer out = ByteBuffer.allocate(at + 5 + (address ? 16 : 0)).put(query, 0, at + 5);
        out.put(2, (byte) 0x81).put(3, (byte) (known ? 0x80 : 0x83));
        out.putShort(6, (short) (address ? 1 : 0)).putInt(8, 0);
        if (address) {
            out.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60);
            out.putShort((short) 4).put(InetAddress.getByName(ADDRESS).getAddress());
        }
        return out.array();
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws Exception {
        dns.close();
        registry.stop(0);
        threads.close();
        run("ip", "link", "delete", LINK);
    }
}
