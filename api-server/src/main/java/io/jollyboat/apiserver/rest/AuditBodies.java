package io.jollyboat.apiserver.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.runtime.TypeMeta;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.kinds.Kinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Bodies as the audit log shows them: in JSON, whatever was spoken. */
final class AuditBodies {
    private AuditBodies() {}

    /** Null for what cannot be shown. */
    static byte[] json(String contentType, List<byte[]> chunks) {
        if (contentType == null || chunks.isEmpty()) {
            return null;
        }
        byte[] body = chunks.size() == 1 ? chunks.getFirst() : Renderer.joined(chunks);
        try {
            if (contentType.startsWith("application/json")) {
                return body;
            }
            if (contentType.startsWith("application/yaml")) {
                return YamlCodec.toJson(body);
            }
            return contentType.startsWith("application/vnd.kubernetes.protobuf") ? ofProtobuf(body) : null;
        } catch (InvalidProtocolBufferException | JacksonException | DecodeException | IllegalArgumentException e) {
            return null; // the request is refused for it; nothing can be shown
        }
    }

    private static byte[] ofProtobuf(byte[] body) throws InvalidProtocolBufferException {
        Unknown envelope = Envelope.unwrap(body);
        TypeMeta type = envelope.getTypeMeta();
        if (type.getKind().equals("Status")) {
            return JsonCodec.encode(Status.parseFrom(envelope.getRaw()), "v1", "Status");
        }
        Message prototype = prototype(type.getApiVersion(), type.getKind());
        if (prototype != null) {
            return JsonCodec.encode(
                    prototype.getParserForType().parseFrom(envelope.getRaw()), type.getApiVersion(), type.getKind());
        }
        return type.getKind().endsWith("List") ? ofList(type, envelope.getRaw()) : null;
    }

    private static Message prototype(String apiVersion, String kind) {
        return Kinds.builtIn()
                .byKind(apiVersion, kind)
                .map(known -> (Message) known.prototype())
                .orElse(null);
    }

    /** All lists look alike: metadata, then items. */
    private static byte[] ofList(TypeMeta type, ByteString raw) throws InvalidProtocolBufferException {
        String kind = type.getKind().substring(0, type.getKind().length() - "List".length());
        Message item = prototype(type.getApiVersion(), kind);
        if (item == null) {
            return null;
        }
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(raw);
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", type.getKind()).put("apiVersion", type.getApiVersion());
        ListMeta.Builder meta = ListMeta.newBuilder();
        for (ByteString part : fields.getField(1).getLengthDelimitedList()) {
            meta.mergeFrom(part);
        }
        list.set("metadata", JsonCodec.toTree(meta.build(), null, null));
        ArrayNode items = list.putArray("items");
        for (ByteString one : fields.getField(2).getLengthDelimitedList()) {
            items.add(JsonCodec.toTree(item.getParserForType().parseFrom(one), null, null));
        }
        return list.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Of an object that has some. */
    static ObjectMeta meta(Message object) {
        var field = object.getDescriptorForType().findFieldByName("metadata");
        return field != null && object.getField(field) instanceof ObjectMeta meta
                ? meta
                : ObjectMeta.getDefaultInstance();
    }
}
