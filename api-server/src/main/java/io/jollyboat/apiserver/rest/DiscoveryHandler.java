package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.aggregation.MergedDiscovery;
import io.jollyboat.apiserver.discovery.DiscoveryDocuments;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.errors.ApiException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /api}, {@code /apis} and what lies right below. */
final class DiscoveryHandler {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String AGGREGATED_PROTOBUF =
            "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final DiscoveryDocuments documents;
    private final ServedKinds kinds;
    private final Aggregation aggregation;
    private final Map<String, Tagged> aggregated = new ConcurrentHashMap<>();

    DiscoveryHandler(DiscoveryDocuments documents, ServedKinds kinds, Aggregation aggregation) {
        this.documents = documents;
        this.kinds = kinds;
        this.aggregation = aggregation;
    }

    /** @param of what is served, to be made anew when that has changed */
    private record Tagged(MergedDiscovery of, List<byte[]> body, String etag) {}

    /** @param parts of the path, none of them empty */
    void handle(HttpExchange exchange, List<String> parts) {
        boolean core = parts.getFirst().equals("api");
        if (parts.size() == 1) {
            root(exchange, core);
        } else if (core && parts.size() == 2) {
            show(
                    exchange,
                    documents.resources("", parts.get(1)).orElseThrow(Routing::notFound),
                    "v1",
                    "APIResourceList",
                    true);
        } else if (!core && parts.size() == 2) {
            show(exchange, present(aggregation.discovery().group(parts.get(1))), "v1", "APIGroup", false);
        } else if (!core && parts.size() == 3) {
            if (kinds.versions(parts.get(1)).isEmpty()) {
                throw new PlainReply(PlainReply.NOT_FOUND);
            }
            show(
                    exchange,
                    documents.resources(parts.get(1), parts.get(2)).orElseThrow(Routing::notFound),
                    "v1",
                    "APIResourceList",
                    false);
        } else {
            throw Routing.notFound();
        }
    }

    private static <T> T present(Optional<T> document) {
        return document.orElseThrow(() -> new PlainReply(PlainReply.NOT_FOUND));
    }

    private void root(HttpExchange exchange, boolean core) {
        String accept = exchange.header("Accept");
        for (MediaRange range : MediaRange.parseAll(accept == null || accept.isBlank() ? "*/*" : accept)) {
            Optional<Format> format = range.type().equals("*/*") ? Optional.of(Format.JSON) : Format.of(range.type());
            if (format.isEmpty()) {
                continue;
            }
            if (range.parameter("as").isEmpty()) {
                legacy(exchange, core);
                return;
            }
            boolean known = range.parameter("as").equals("APIGroupDiscoveryList")
                    && range.parameter("g").equals("apidiscovery.k8s.io")
                    && range.parameter("v").equals("v2");
            if (known && format.get() != Format.YAML) {
                aggregated(exchange, core, format.get());
                return;
            }
        }
        if (core) {
            Negotiation.answer(accept); // says it in its own words
        }
        throw ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + Format.ALL);
    }

    private void legacy(HttpExchange exchange, boolean core) {
        if (core) {
            show(exchange, documents.coreVersions(), "v1", "APIVersions", true);
        } else {
            show(exchange, aggregation.discovery().groups(), "v1", "APIGroupList", false);
        }
    }

    private void aggregated(HttpExchange exchange, boolean core, Format format) {
        MergedDiscovery now = aggregation.discovery();
        Tagged tagged = aggregated.compute(core + " " + format, (key, known) -> {
            if (known != null && known.of == now) {
                return known;
            }
            Representation how = new Representation(format, Representation.Shape.OBJECT, "v1", false);
            byte[] body = Renderer.message(
                    core ? DiscoveryDocuments.core(now.served()) : now.aggregated(),
                    "apidiscovery.k8s.io/v2",
                    "APIGroupDiscoveryList",
                    how);
            return new Tagged(now, List.of(body), '"' + sha512(body) + '"');
        });
        Reply reply = tagged.etag.equals(exchange.header("If-None-Match"))
                ? Reply.empty(304)
                : Reply.of(200, format == Format.JSON ? AGGREGATED : AGGREGATED_PROTOBUF, tagged.body.getFirst());
        exchange.reply(
                reply.with("Cache-Control", "public").with("Vary", "Accept").with("Etag", tagged.etag));
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes))
                    .toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** @param bare the core group's documents carry no apiVersion in JSON, as upstream's */
    private static void show(HttpExchange exchange, Message document, String apiVersion, String kind, boolean bare) {
        Representation how = Negotiation.answer(exchange.header("Accept"))
                .withPretty(exchange.query().flag("pretty"));
        if (how.shape() != Representation.Shape.OBJECT) {
            throw ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + Format.ALL);
        }
        byte[] body = bare && how.format() != Format.PROTOBUF
                ? Renderer.text(bareJson(document, kind), how)
                : Renderer.message(document, apiVersion, kind, how);
        exchange.reply(Reply.of(200, how.format().mediaType(), body));
    }

    private static byte[] bareJson(Message document, String kind) {
        byte[] json = io.jollyboat.codec.JsonCodec.encode(document, null, null);
        byte[] head = ("{\"kind\":\"" + kind + "\",").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        List<byte[]> parts = new ArrayList<>();
        parts.add(head);
        parts.add(java.util.Arrays.copyOfRange(json, 1, json.length));
        return Renderer.joined(parts);
    }

    /** All paths, for {@code /}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
        paths.addAll(aggregation.discovery().paths());
        return paths;
    }
}
