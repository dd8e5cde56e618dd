package io.jollyboat.controllers.objects;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Optional;

/** The types of custom resources, as far as controllers need them that treat all kinds alike. */
public final class CustomTypes {
    private CustomTypes() {}

    /** Of the definition's present state, which is asked for by a list: not every controller may get one. */
    public static Optional<ResourceType<CustomObject>> named(ApiClient client, String definition) {
        return client
                .list(Kinds.of(CustomResourceDefinition.class), "", Selection.fields("metadata.name=" + definition))
                .items()
                .stream()
                .findFirst()
                .flatMap(CustomTypes::of);
    }

    /** In the stored version where that is served, else in any other; empty while the definition is not served. */
    public static Optional<ResourceType<CustomObject>> of(CustomResourceDefinition definition) {
        boolean established = definition.getStatus().getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
        List<CustomResourceDefinitionVersion> served = definition.getSpec().getVersionsList().stream()
                .filter(CustomResourceDefinitionVersion::getServed)
                .toList();
        if (!established || served.isEmpty()) {
            return Optional.empty();
        }
        CustomResourceDefinitionVersion version = served.stream()
                .filter(CustomResourceDefinitionVersion::getStorage)
                .findFirst()
                .orElse(served.getFirst());
        CustomResourceDefinitionNames names = definition.getStatus().getAcceptedNames();
        KindRules rules = KindRules.newBuilder()
                .setGroup(definition.getSpec().getGroup())
                .setVersion(version.getName())
                .setPlural(names.getPlural())
                .setSingular(names.getSingular())
                .setNamespaced(definition.getSpec().getScope().equals("Namespaced"))
                .addAllVerbs(List.of("delete", "deletecollection", "get", "list", "patch", "update", "watch"))
                .build();
        return Optional.of(ResourceType.custom(rules, names.getKind()));
    }
}
