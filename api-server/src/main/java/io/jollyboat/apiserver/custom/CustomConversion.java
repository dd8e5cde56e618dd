package io.jollyboat.apiserver.custom;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Custom objects between the versions of their definition. */
public final class CustomConversion {
    /** What one review holds at most: a webhook has limits of its own, and so has its time. */
    private static final int AT_ONCE = 500;

    private CustomConversion() {}

    /** The object in the version of the type. */
    public static CustomObject served(ResourceType<?> type, CustomObject object) {
        return converted(CustomVersion.of(type).definition(), object, type.version());
    }

    /** The stored object in the version of the type; a webhook is asked about each state of it once. */
    public static CustomObject served(ResourceType<?> type, Entry entry) {
        CustomDefinition definition = CustomVersion.of(type).definition();
        CustomObject object = (CustomObject) entry.object();
        if (!isForeign(definition, object, type.version())) {
            return converted(definition, object, type.version());
        }
        CustomObject known = definition.converted().get(key(entry, type.version()));
        if (known == null) {
            known = converted(definition, object, type.version());
            definition.converted().put(key(entry, type.version()), known);
        }
        return known;
    }

    /** Has a webhook convert the objects of a list together that it has not been asked about. */
    public static void prepare(ResourceType<?> type, List<Entry> entries) {
        CustomDefinition definition = CustomVersion.of(type).definition();
        if (!definition.converter().asksOthers()) {
            return;
        }
        Map<String, List<Entry>> unknown = new TreeMap<>();
        for (Entry entry : entries) {
            CustomObject object = (CustomObject) entry.object();
            if (isForeign(definition, object, type.version())
                    && definition.converted().get(key(entry, type.version())) == null) {
                unknown.computeIfAbsent(object.getVersion(), version -> new ArrayList<>())
                        .add(entry);
            }
        }
        unknown.values().forEach(same -> {
            for (int from = 0; from < same.size(); from += AT_ONCE) {
                List<Entry> some = same.subList(from, Math.min(same.size(), from + AT_ONCE));
                List<CustomObject> objects = some.stream()
                        .map(entry -> (CustomObject) entry.object())
                        .toList();
                List<CustomObject> results = together(definition, objects, type.version());
                for (int i = 0; i < some.size(); i++) {
                    definition.converted().put(key(some.get(i), type.version()), results.get(i));
                }
            }
        });
    }

    private static boolean isForeign(CustomDefinition definition, CustomObject object, String wanted) {
        return definition.converter().asksOthers()
                && !object.getVersion().isEmpty()
                && !object.getVersion().equals(wanted);
    }

    private static ConvertedObjects.Key key(Entry entry, String version) {
        return new ConvertedObjects.Key(entry.uid(), entry.revision(), version);
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
        return together(definition, List.of(object), wanted).getFirst();
    }

    /** @param objects all in one version, which is not the wanted one */
    private static List<CustomObject> together(CustomDefinition definition, List<CustomObject> objects, String wanted) {
        String from = definition.group() + "/" + objects.getFirst().getVersion();
        CustomVersion target = definition.known(wanted);
        String kind = target.type().kind();
        List<ObjectNode> whole = new ArrayList<>();
        objects.forEach(object -> whole.add(CustomContent.whole(object, from, kind)));
        List<ObjectNode> results =
                definition.converter().convert(whole, kind, from, target.type().apiVersion());
        List<CustomObject> converted = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            converted.add(completed(target, objects.get(i), results.get(i)));
        }
        return converted;
    }

    private static CustomObject completed(CustomVersion target, CustomObject object, ObjectNode result) {
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
