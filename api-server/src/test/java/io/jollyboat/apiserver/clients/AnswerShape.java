package io.jollyboat.apiserver.clients;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.WatchEvent;
import io.jollyboat.api.runtime.TypeMeta;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.Kinds;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What of an answer is the same on every cluster: status, headers, kind, which fields there are, a Status' words. */
final class AnswerShape {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Of the connection and the moment. */
    private static final Set<String> IGNORED =
            Set.of("date", "content-length", "transfer-encoding", "connection", "etag", "last-modified", "upgrade");

    private static final int DEPTH = 3;

    private AnswerShape() {}

    static Map<String, String> of(RawDoor.Answer answer) {
        Map<String, String> shape = new TreeMap<>();
        shape.put("status", Integer.toString(answer.status()));
        shape.put("type", answer.header("content-type").toLowerCase(Locale.ROOT));
        Set<String> names = new TreeSet<>(answer.headers().keySet());
        names.removeAll(IGNORED);
        shape.put("headers", String.join(" ", names));
        putUnlessEmpty(shape, "warning", answer.header("warning"));
        if (!answer.parts().isEmpty()) {
            shape.put(
                    "events",
                    String.join(
                            ", ",
                            answer.parts().stream()
                                    .map(AnswerShape::event)
                                    .distinct()
                                    .toList()));
        }
        body(shape, answer);
        return shape;
    }

    private static void body(Map<String, String> shape, RawDoor.Answer answer) {
        if (Envelope.isEnvelope(answer.body().toByteArray())) {
            Unknown unknown = Envelope.unwrap(answer.body().toByteArray());
            String apiVersion = unknown.getTypeMeta().getApiVersion();
            String kind = unknown.getTypeMeta().getKind();
            shape.put("object", "protobuf " + apiVersion + " " + kind);
            Kinds.builtIn().byKind(apiVersion, kind).ifPresent(type -> {
                try {
                    Message message = type.prototype()
                            .newBuilderForType()
                            .mergeFrom(unknown.getRaw())
                            .build();
                    json(shape, JsonCodec.toTree(message, apiVersion, kind));
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                    shape.put("object", "damaged " + kind);
                }
            });
            return;
        }
        try {
            json(shape, JSON.readTree(answer.body().toByteArray()));
        } catch (JacksonException e) {
            shape.put("text", answer.status() == 200 ? "" : answer.body().toStringUtf8());
        }
    }

    private static void json(Map<String, String> shape, JsonNode body) {
        if (!body.isObject()) {
            return;
        }
        shape.putIfAbsent(
                "object",
                body.path("apiVersion").asString("") + " " + body.path("kind").asString(""));
        for (String part : new String[] {"reason", "message"}) {
            putUnlessEmpty(shape, part, body.path(part).asString("").replaceAll("\\d{4,}", "#"));
        }
        if (body.has("columnDefinitions")) {
            TreeSet<String> columns = new TreeSet<>();
            body.path("columnDefinitions")
                    .forEach(column -> columns.add(column.path("name").asString()));
            shape.put("columns", String.join(", ", columns));
        }
        if (body.has("openapi") || body.has("swagger") || body.path("paths").has("api/v1")) {
            shape.put("fields", String.join(" ", new TreeSet<>(body.propertyNames())));
            return;
        }
        TreeSet<String> fields = new TreeSet<>();
        collect(body, "", DEPTH, fields);
        shape.put("fields", String.join(" ", fields));
    }

    private static void collect(JsonNode node, String at, int depth, Set<String> fields) {
        if (node.isArray() && !node.isEmpty()) {
            collect(node.get(0), at, depth, fields);
        } else if (node.isObject() && depth > 0 && !node.isEmpty()) {
            node.properties().forEach(field -> collect(field.getValue(), at + "." + field.getKey(), depth - 1, fields));
        } else if (!at.isEmpty()) {
            fields.add(at.substring(1));
        }
    }

    private static String event(byte[] part) {
        if (part[0] != '{') {
            try {
                WatchEvent event = WatchEvent.parseFrom(part);
                TypeMeta type = Envelope.unwrap(event.getObject().getRaw().toByteArray())
                        .getTypeMeta();
                return event.getType() + " protobuf " + type.getApiVersion() + " " + type.getKind();
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                return "damaged " + e.getMessage();
            }
        }
        JsonNode event = JSON.readTree(part);
        JsonNode object = event.path("object");
        return event.path("type").asString() + " " + object.path("apiVersion").asString() + " "
                + object.path("kind").asString();
    }

    private static void putUnlessEmpty(Map<String, String> shape, String name, String value) {
        if (!value.isEmpty()) {
            shape.put(name, value);
        }
    }
}
