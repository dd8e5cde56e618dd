package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import io.jollyboat.apiserver.webhook.LoopbackServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An API server of the group {@code ext.example.com}: knows things, says who asked, and fails when it is told to. */
final class ExtensionServer implements AutoCloseable {
    static final String GROUP = "ext.example.com";
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final LoopbackServer server;
    private final Set<String> things = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);
    /** Of a body in chunks that ended before its end. */
    final CountDownLatch brokenOff = new CountDownLatch(1);

    private final String etag = "\"one\"";

    /** What it answers to discovery. */
    volatile int discoveryCode = 200;

    /** Whether it knows the aggregated form. */
    volatile boolean modern = true;

    /** @param names that its certificate is for */
    ExtensionServer(String... names) throws IOException {
        this.server = LoopbackServer.https(List.of(names), this::answer);
    }

    int port() {
        return server.port();
    }

    String caBundle() {
        return server.caBundle();
    }

    List<Request> requests() {
        return server.requests();
    }

    void forget() {
        server.forget();
    }

    private boolean answer(Request request, OutputStream out) throws IOException, InterruptedException {
        String path = request.path().replaceFirst("\\?.*", "");
        if (!request.peer().contains("CN=front-proxy-client")) {
            return reply(out, 401, "{\"kind\":\"Status\",\"message\":\"no proxy\"}");
        }
        return switch (path) {
            case "/apis" -> discovery(request, out);
            case "/apis/ext.example.com/v1" -> legacy(out);
            case "/openapi/v3" -> reply(out, 200, """
                    {"paths":{"apis/ext.example.com/v1":{"serverRelativeURL":"/openapi/v3/apis/ext.example.com/v1?hash=AB"},
                     "apis/other.example.com/v1":{"serverRelativeURL":"/openapi/v3/apis/other.example.com/v1?hash=CD"}}}""");
            case "/openapi/v3/apis/ext.example.com/v1" ->
                reply(out, 200, "{\"openapi\":\"3.0.0\",\"paths\":{},\"asked\":\"" + request.path() + "\"}");
            case "/openapi/v2" -> reply(out, 200, """
                    {"swagger":"2.0","paths":{"/apis/ext.example.com/v1/things":{"get":{"responses":{"200":{"description":"OK",
                     "schema":{"$ref":"#/definitions/com.example.Thing"}}}}},"/apis/other.example.com/v1/x":{"get":{}}},
                     "definitions":{"com.example.Thing":{"type":"object","properties":{"metadata":
                     {"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}},
                     "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta":{"type":"object","description":"another"},
                     "com.example.Unused":{"type":"object"}}}""");
            case "/apis/ext.example.com/v1/namespaces/default/things" -> collection(request, out);
            case "/apis/ext.example.com/v1/namespaces/default/things/fail" -> reply(out, 500, "{\"kind\":\"Status\"}");
            case "/apis/ext.example.com/v1/namespaces/default/things/moved" -> {
                out.write("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
                yield true;
            }
            case "/apis/ext.example.com/v1/namespaces/default/things/hang" -> {
                released.await();
                yield false;
            }
            case "/apis/ext.example.com/v1/namespaces/default/things/size" ->
                reply(out, 200, Integer.toString(request.body().length()));
            case "/apis/ext.example.com/v1/namespaces/default/things/echo" -> {
                echo(request.in(), out);
                yield false;
            }
            case "/apis/ext.example.com/v1/namespaces/default/things/x/exec" -> {
                out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                out.write(request.in().readNBytes(4));
                out.flush();
                yield false;
            }
            default -> one(request, path.substring(path.lastIndexOf('/') + 1), out);
        };
    }

    /** Gives each chunk back when it comes. */
    private void echo(InputStream in, OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        while (true) {
            StringBuilder size = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    brokenOff.countDown();
                    return;
                }
                size.append((char) b);
            }
            byte[] chunk = in.readNBytes(Integer.parseInt(size.toString().strip(), 16) + 2);
            out.write((size + "\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(chunk);
            out.flush();
            if (chunk.length == 2) {
                return;
            }
        }
    }

    private boolean discovery(Request request, OutputStream out) throws IOException {
        if (!modern) {
            return reply(out, 404, "{}");
        }
        if (etag.equals(request.headers().get("if-none-match"))) {
            out.write("HTTP/1.1 304 Not Modified\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return true;
        }
        byte[] body = """
                {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":
                {"name":"ext.example.com"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":
                "things","responseKind":{"group":"ext.example.com","version":"v1","kind":"Thing"},"scope":"Namespaced",
                "singularResource":"thing","verbs":["create","delete","get","list","watch"],"subresources":[{"subresource":
                "exec","verbs":["create"]}]}]}]}]}""".getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: " + AGGREGATED + "\r\nEtag: " + etag + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        return true;
    }

    private boolean legacy(OutputStream out) throws IOException {
        return reply(out, discoveryCode, """
                {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"ext.example.com/v1","resources":[{"name":"things",
                "singularName":"thing","namespaced":true,"kind":"Thing","verbs":["create","delete","get","list","watch"]}]}""");
    }

    private boolean collection(Request request, OutputStream out) throws IOException, InterruptedException {
        if (request.path().contains("watch=true")) {
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + chunk("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Thing\"}}\n"))
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            released.await();
            return false;
        }
        if (request.method().equals("POST")) {
            things.add(RestClient.JSON
                    .readTree(request.body())
                    .at("/metadata/name")
                    .asString());
            return reply(out, 201, request.body());
        }
        ObjectNode list =
                RestClient.JSON.createObjectNode().put("kind", "ThingList").put("apiVersion", GROUP + "/v1");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        things.stream().sorted().forEach(name -> items.add(thing(name, request)));
        return reply(out, 200, list.toString());
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private boolean one(Request request, String name, OutputStream out) throws IOException {
        if (!things.contains(name)) {
            return reply(out, 404, "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404}");
        }
        if (request.method().equals("DELETE")) {
            things.remove(name);
            return reply(out, 200, "{\"kind\":\"Status\",\"status\":\"Success\"}");
        }
        return reply(out, 200, thing(name, request).toString());
    }

    private static ObjectNode thing(String name, Request request) {
        ObjectNode thing =
                RestClient.JSON.createObjectNode().put("kind", "Thing").put("apiVersion", GROUP + "/v1");
        thing.putObject("metadata").put("name", name).put("namespace", "default");
        thing.put("asker", request.headers().getOrDefault("x-remote-user", ""));
        return thing;
    }

    private static boolean reply(OutputStream out, int code, String body) throws IOException {
        return LoopbackServer.reply(out, code, "application/json", body);
    }

    @Override
    public void close() throws IOException {
        released.countDown();
        server.close();
    }
}
