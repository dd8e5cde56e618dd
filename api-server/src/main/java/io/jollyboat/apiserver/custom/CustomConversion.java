package io.jollyboat.apiserver.custom;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Custom objects between the versions of their definition. */
public final class CustomConversion {
    private CustomConversion() {}

    /** The object in the version of the type. */
    public static CustomObject served(ResourceType<?> type, CustomObject object) {
        return converted(CustomVersion.of(type).definition(), object, type.version());
    }

    /** The object, which is in the version of the type, in the one that is stored. */
    public static CustomObject stored(ResourceType<?> type, CustomObject object) {
        CustomDefinition definition = CustomVersion.of(type).definition();
        CustomObject of = object.getVersion().isEmpty()
                ? object.toBuilder().setVersion(type.version()).build()
                : object;
        return converted(definition, of, definition.storageVersion().name());
    }

    private static CustomObject converted(CustomDefinition definition, CustomObject object, String wanted) {
        String from = object.getVersion();
        if (from.isEmpty() || from.equals(wanted)) {
            return from.isEmpty() ? object : object.toBuilder().clearVersion().build();
        }
        CustomVersion target = definition.known(wanted);
        String kind = target.type().kind();
        ObjectNode whole = CustomContent.whole(object, definition.group() + "/" + from, kind);
        ObjectNode result = definition
                .converter()
                .convert(
                        whole,
                        kind,
                        definition.group() + "/" + from,
                        target.type().apiVersion());
        ObjectMeta meta = merged(object.getMetadata(), result.get("metadata"));
        result.remove("apiVersion");
        result.remove("kind");
        result.remove("metadata");
        if (target.prunes()) {
            target.schema().prune(result);
        }
        return CustomContent.with(
                object.toBuilder().clearVersion().setMetadata(meta).build(), result);
    }

    /** A conversion may change labels and annotations, nothing else of the metadata. */
    private static ObjectMeta merged(ObjectMeta before, JsonNode converted) {
        if (converted == null || !converted.isObject()) {
            throw ApiException.internal("conversion gave an object without metadata");
        }
        ObjectMeta after = JsonCodec.decode(converted, ObjectMeta.getDefaultInstance(), Strictness.IGNORE)
                .message();
        return before.toBuilder()
                .clearLabels()
                .putAllLabels(new TreeMap<>(after.getLabelsMap()))
                .clearAnnotations()
                .putAllAnnotations(new TreeMap<>(after.getAnnotationsMap()))
                .build();
    }
}
