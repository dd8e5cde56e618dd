package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.ResourceType;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The built-in kinds that upstream stores as JSON. */
final class JsonStoredCodec extends JsonBodyCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ResourceType<?> type;
    private final boolean definition;

    JsonStoredCodec(ResourceType<?> type) {
        this.type = type;
        this.definition = type.qualifiedResource().equals("customresourcedefinitions.apiextensions.k8s.io");
    }

    @Override
    public ByteString encode(Message object) {
        byte[] json = JsonCodec.encode(MetadataBytes.withoutRevision(type, object), type.apiVersion(), type.kind());
        return UnsafeByteOperations.unsafeWrap(definition ? form(json, DefinitionStoredForm::toStored) : json);
    }

    private static byte[] form(byte[] json, Consumer<ObjectNode> change) {
        ObjectNode tree = (ObjectNode) MAPPER.readTree(json);
        change.accept(tree);
        return MAPPER.writeValueAsBytes(tree);
    }

    @Override
    public Message decode(ByteString body, long revision) {
        byte[] stored = body.toByteArray();
        byte[] json = definition ? form(stored, DefinitionStoredForm::toServed) : stored;
        Message object =
                JsonCodec.decode(json, type.prototype(), Strictness.IGNORE).message();
        return type.withMeta(
                object,
                type.meta(object).toBuilder()
                        .setResourceVersion(Long.toString(revision))
                        .build());
    }

    @Override
    public ObjectMeta meta(Message object) {
        return type.meta(object);
    }
}
