package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;

/** Built-in kinds, as upstream stores nearly all of them: protobuf in its envelope. */
final class ProtobufCodec implements ObjectCodec {
    private final ResourceType<?> type;

    ProtobufCodec(ResourceType<?> type) {
        this.type = type;
    }

    @Override
    public ByteString encode(Message object) {
        return MetadataBytes.withoutRevision(type, object).toByteString();
    }

    @Override
    public ByteString wrap(ByteString body) {
        return UnsafeByteOperations.unsafeWrap(Envelope.wrap(type, body));
    }

    @Override
    public ByteString unwrap(ByteString stored) {
        return Envelope.content(stored);
    }

    @Override
    public Message decode(ByteString body, long revision) {
        try {
            return type.parse(protobuf(body, revision));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("stored " + type + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public ByteString protobuf(ByteString body, long revision) {
        return MetadataBytes.withRevision(body, revision);
    }

    @Override
    public int protobufSize(ByteString body, long revision) {
        return MetadataBytes.sizeWithRevision(body, revision);
    }

    @Override
    public byte[] json(ByteString body, long revision) {
        return JsonCodec.encode(type.prototype(), protobuf(body, revision), null, null);
    }

    @Override
    public ObjectMeta meta(Message object) {
        return type.meta(object);
    }
}
