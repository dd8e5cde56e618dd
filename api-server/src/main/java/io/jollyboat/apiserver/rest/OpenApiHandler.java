package io.jollyboat.apiserver.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /openapi/v2} and {@code /openapi/v3}. */
final class OpenApiHandler {
    private static final String JSON = "application/json";
    private static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final String V3_PROTOBUF = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
    private static final Set<String> ANY_JSON = Set.of("*/*", "application/*", JSON);

    private final OpenApiDocuments documents;

    OpenApiHandler(OpenApiDocuments documents) {
        this.documents = documents;
    }

    void handle(HttpExchange exchange, List<String> parts) throws InterruptedException {
        String version = parts.size() > 1 ? parts.get(1) : "";
        if (version.equals("v2") && parts.size() == 2) {
            boolean protobuf = wantsProtobuf(exchange, "v2");
            exchange.addHeader("Accept-Ranges", "bytes");
            exchange.addHeader("Vary", "Accept");
            send(exchange, documents.v2Hash(), protobuf ? V2_PROTOBUF : JSON, () -> documents.v2(protobuf));
        } else if (version.equals("v3") && parts.size() == 2) {
            exchange.reply(Reply.of(200, "text/plain; charset=utf-8", documents.v3Index())
                    .with("Accept-Ranges", "bytes"));
        } else if (version.equals("v3")) {
            v3(exchange, String.join("/", parts.subList(2, parts.size())));
        } else {
            throw new PlainReply(PlainReply.NOT_FOUND);
        }
    }

    private void v3(HttpExchange exchange, String path) throws InterruptedException {
        boolean protobuf = wantsProtobuf(exchange, "v3");
        Optional<byte[]> document = documents.v3(path, protobuf);
        if (document.isEmpty()) {
            exchange.reply(Reply.empty(404));
            return;
        }
        String type = protobuf ? V3_PROTOBUF : JSON;
        String hash = documents.v3Hash(path);
        String asked = exchange.query().text("hash");
        if (!asked.isEmpty() && !asked.equals(hash)) {
            exchange.reply(new Reply(301, type, Map.of(), List.of())
                    .with("Location", "/openapi/v3/" + path + "?hash=" + hash)
                    .with("Vary", "Accept"));
            return;
        }
        if (!asked.isEmpty()) {
            exchange.addHeader("Expires", "Thu, 31 Dec 2099 23:59:59 GMT");
        }
        exchange.addHeader("Accept-Ranges", "bytes");
        exchange.addHeader("Vary", "Accept");
        send(exchange, hash, type, document::get);
    }

    /** The first of the wanted forms that there is; JSON for clients that do not say. */
    private static boolean wantsProtobuf(HttpExchange exchange, String version) {
        String accept = exchange.header("Accept");
        if (accept == null || accept.isBlank()) {
            return false;
        }
        String form = "application/com.github.proto-openapi.spec." + version;
        for (String name : MediaRangeList.names(accept)) {
            if (name.equals(form + "@v1.0+protobuf") || name.equals(form + ".v1.0+protobuf")) {
                return true;
            }
            if (ANY_JSON.contains(name)) {
                return false;
            }
        }
        throw new PlainReply(Reply.empty(406));
    }

    private static void send(HttpExchange exchange, String hash, String type, Supplier<byte[]> document)
            throws InterruptedException {
        String tag = '"' + hash + '"';
        String known = exchange.header("If-None-Match");
        if (known != null
                && List.of(known.split("\\s*,\\s*")).stream().anyMatch(one -> one.equals(tag) || one.equals("*"))) {
            exchange.reply(Reply.empty(304).with("Etag", tag));
            return;
        }
        exchange.addHeader("Etag", tag);
        LargeReply.send(exchange, type, List.of(document.get()));
    }
}
