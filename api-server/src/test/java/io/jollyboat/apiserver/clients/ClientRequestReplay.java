package io.jollyboat.apiserver.clients;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.Kinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends a request as its client would, to a server that holds what the request is about. */
final class ClientRequestReplay implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final byte[] NOTHING = {};

    private final RawDoor door;

    ClientRequestReplay(String url, SSLContext tls) throws IOException {
        this.door = new RawDoor(url, tls);
        for (String path : ClientObjects.present().keySet()) {
            renew(path);
        }
    }

    Map<String, String> answer(ClientRequest request) throws IOException {
        String query = request.query();
        if (query.contains("resourceVersion=" + ClientRequest.VERSION)) {
            query = query.replace("=" + ClientRequest.VERSION, "=" + version(request.path()));
        }
        prepare(request);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", request.agent() + "/1");
        put(headers, "Accept", request.accept());
        put(headers, "Content-Type", request.contentType());
        boolean webSocket = request.upgrade().equals("websocket");
        if (!request.upgrade().isEmpty()) {
            headers.put("Connection", "Upgrade");
            headers.put("Upgrade", request.upgrade());
            put(headers, webSocket ? "Sec-WebSocket-Protocol" : "X-Stream-Protocol-Version", request.streamProtocols());
        }
        if (webSocket) {
            headers.put("Origin", "https://127.0.0.1"); // fabric8 names the server's
            headers.put("Sec-WebSocket-Version", "13");
            headers.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        String target = request.path() + (query.isEmpty() ? "" : "?" + query);
        try {
            return AnswerShape.of(door.send(
                    request.method(),
                    target.replace(" ", "%20"),
                    headers,
                    encoded(request),
                    request.watches() ? enough(request) : null));
        } catch (IOException e) {
            throw new IOException(request.text() + ": " + e.getMessage(), e);
        }
    }

    /** One event is enough, but the initial ones are wanted to their end. */
    private static Predicate<String> enough(ClientRequest request) {
        return request.query().contains("sendInitialEvents") ? event -> event.contains("BOOKMARK") : event -> true;
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }

    /** Makes anew what the request changes or watches. */
    private void prepare(ClientRequest request) throws IOException {
        if (request.watches()) {
            for (String path : ClientObjects.present().keySet()) {
                if (path.startsWith(request.path() + "/")) {
                    renew(path);
                }
            }
            return;
        }
        Matcher path = ClientObjects.parts(request.path()).orElse(null);
        if (path == null || request.method().equals("GET")) {
            return;
        }
        if (request.method().equals("POST") && path.group(4) == null) {
            remove(request.path() + "/new");
            return;
        }
        String object = path.group(5) == null
                ? request.path()
                : request.path().substring(0, request.path().lastIndexOf('/'));
        if (ClientObjects.present().containsKey(object)) {
            renew(object);
        } else if (!object.startsWith("/api/v1/namespaces/default/configmaps/")) {
            return;
        } else {
            remove(object);
        }
    }

    private void renew(String path) throws IOException {
        remove(path);
        if (path.endsWith("/services/web")) {
            renew(path.replace("services", "endpoints")); // they go with their Service
        }
        String collection = path.substring(0, path.lastIndexOf('/'));
        RawDoor.Answer made = door.send(
                "POST",
                collection,
                Map.of("Content-Type", "application/json", "User-Agent", "before/1"),
                bytes(ClientObjects.present().get(path)),
                null);
        if (made.status() != 201) {
            throw new IllegalStateException(path + ": " + made.body().toStringUtf8());
        }
    }

    private void remove(String path) throws IOException {
        door.send(
                "DELETE",
                path,
                Map.of("Content-Type", "application/json"),
                bytes("{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}"),
                null);
    }

    private String version(String path) throws IOException {
        RawDoor.Answer list = door.send("GET", path, Map.of("Accept", "application/json"), NOTHING, null);
        return JSON.readTree(list.body().toByteArray())
                .path("metadata")
                .path("resourceVersion")
                .asString();
    }

    private static byte[] encoded(ClientRequest request) {
        String body = ClientObjects.body(request);
        if (!request.contentType().equals(PROTOBUF) || body.isEmpty()) {
            return bytes(body);
        }
        JsonNode tree = JSON.readTree(body);
        String apiVersion = tree.path("apiVersion").asString();
        String kind = tree.path("kind").asString();
        Message prototype = switch (kind) {
            case "DeleteOptions" -> DeleteOptions.getDefaultInstance();
            case "TokenRequest" -> TokenRequest.getDefaultInstance();
            default ->
                Kinds.builtIn()
                        .byKind(apiVersion, kind)
                        .orElseThrow(() -> new IllegalArgumentException("no kind " + apiVersion + " " + kind))
                        .prototype();
        };
        Message message = JsonCodec.decode(tree, prototype, Strictness.STRICT).message();
        return Envelope.wrap(apiVersion, kind, message.toByteString());
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
