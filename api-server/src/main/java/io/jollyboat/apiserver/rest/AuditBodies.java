package io.jollyboat.apiserver.rest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.runtime.TypeMeta;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.kinds.Kinds;
import java.util.List;
import tools.jackson.core.JacksonException;

/** Bodies as the audit log shows them: in JSON, whatever was spoken. */
final class AuditBodies {
    private AuditBodies() {}

    /** Null for what cannot be shown, such as a list in protobuf. */
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
        Message prototype = Kinds.builtIn()
                .byKind(type.getApiVersion(), type.getKind())
                .map(known -> (Message) known.prototype())
                .orElse(null);
        return prototype == null
                ? null
                : JsonCodec.encode(
                        prototype.getParserForType().parseFrom(envelope.getRaw()),
                        type.getApiVersion(),
                        type.getKind());
    }

    /** Of an object that has some. */
    static ObjectMeta meta(Message object) {
        var field = object.getDescriptorForType().findFieldByName("metadata");
        return field != null && object.getField(field) instanceof ObjectMeta meta
                ? meta
                : ObjectMeta.getDefaultInstance();
    }
}
