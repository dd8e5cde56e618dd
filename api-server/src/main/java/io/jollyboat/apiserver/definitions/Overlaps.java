package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import java.util.Set;

/** Definitions of what is built in and stored in the same place: they must never serve it, nor delete it. */
final class Overlaps {
    private static final Set<String> BUILT_IN =
            Set.of("customresourcedefinitions.apiextensions.k8s.io", "apiservices.apiregistration.k8s.io");

    private Overlaps() {}

    static boolean withBuiltIn(CustomResourceDefinition definition) {
        return BUILT_IN.contains(definition.getSpec().getNames().getPlural() + "."
                + definition.getSpec().getGroup());
    }
}
