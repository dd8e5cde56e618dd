package io.jollyboat.controllers.remote;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.objects.RemoteResource;
import io.jollyboat.api.objects.RemoteVersion;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What other servers serve at one moment: each resource in its group's preferred version of those that have it.
 *
 * @param types by plural name and group, such as {@code flunders.wardle.example.com}
 * @param unknown groups and versions whose servers could not be asked
 */
public record RemoteTypes(Map<String, ResourceType<CustomObject>> types, List<String> unknown) {
    public static final RemoteTypes NONE = new RemoteTypes(Map.of(), List.of());

    /** @param verbs that a resource must know */
    public static RemoteTypes of(List<RemoteVersion> versions, Collection<String> verbs) {
        Map<String, ResourceType<CustomObject>> types = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (RemoteVersion version : versions) {
            if (version.getStale()) {
                unknown.add(version.getGroup() + "/" + version.getVersion());
            }
            for (RemoteResource resource : version.getResourcesList()) {
                if (!resource.getKind().isEmpty() && resource.getVerbsList().containsAll(verbs)) {
                    types.putIfAbsent(resource.getName() + "." + version.getGroup(), type(version, resource));
                }
            }
        }
        return new RemoteTypes(types, unknown);
    }

    private static ResourceType<CustomObject> type(RemoteVersion version, RemoteResource resource) {
        KindRules rules = KindRules.newBuilder()
                .setGroup(version.getGroup())
                .setVersion(version.getVersion())
                .setPlural(resource.getName())
                .setNamespaced(resource.getNamespaced())
                .addAllVerbs(resource.getVerbsList())
                .build();
        return ResourceType.custom(rules, resource.getKind());
    }

    /** Whether the type's group and version are among those whose server could not be asked. */
    boolean isUnknown(ResourceType<?> type) {
        return unknown.contains(type.group() + "/" + type.version());
    }
}
