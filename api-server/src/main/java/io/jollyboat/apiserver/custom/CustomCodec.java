package io.jollyboat.apiserver.custom;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.JsonBodyCodec;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import tools.jackson.databind.node.ObjectNode;

/**
 * Custom objects as upstream stores them: JSON in the version that was the storage version when they were written. The
 * definition may be replaced while the codec is in use; what was decoded before is the cache's to decode anew.
 */
public final class CustomCodec extends JsonBodyCodec {
    private volatile CustomDefinition definition;

    public CustomCodec(CustomDefinition definition) {
        this.definition = definition;
    }

    public void use(CustomDefinition changed) {
        definition = changed;
    }

    @Override
    public ByteString encode(Message object) {
        CustomObject custom = (CustomObject) object;
        CustomObject plain = custom.getMetadata().getResourceVersion().isEmpty()
                ? custom
                : custom.toBuilder()
                        .setMetadata(custom.getMetadata().toBuilder().clearResourceVersion())
                        .build();
        CustomVersion storage = definition.storageVersion();
        return UnsafeByteOperations.unsafeWrap(JsonCodec.encode(
                plain, storage.type().apiVersion(), storage.type().kind()));
    }

    @Override
    public Message decode(ByteString body, long revision) {
        byte[] json = body.toByteArray();
        Decoded<CustomObject> decoded;
        try {
            decoded = JsonCodec.decode(json, CustomObject.getDefaultInstance(), Strictness.IGNORE);
        } catch (DecodeException e) {
            if (e.stage() != DecodeException.Stage.TYPE) {
                throw e;
            }
            decoded = CustomContent.lenient(json);
        }
        String version = decoded.apiVersion().substring(decoded.apiVersion().indexOf('/') + 1);
        ObjectMeta.Builder meta =
                decoded.message().getMetadata().toBuilder().setResourceVersion(Long.toString(revision));
        if (meta.getGeneration() == 0) {
            meta.setGeneration(1);
        }
        CustomObject object = decoded.message().toBuilder()
                .setMetadata(meta)
                .setVersion(version)
                .build();
        return definition
                .version(version)
                .map(known -> completed(known, object))
                .orElse(object);
    }

    /** What the schema says now holds for objects of before, too. */
    private static CustomObject completed(CustomVersion version, CustomObject object) {
        ObjectNode content = CustomContent.tree(object);
        if (version.prunes()) {
            version.schema().pruneStored(content);
        }
        version.schema().applyDefaults(content);
        return CustomContent.with(object, content);
    }

    @Override
    public ObjectMeta meta(Message object) {
        return ((CustomObject) object).getMetadata();
    }
}
