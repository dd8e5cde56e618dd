package io.jollyboat.apiserver.storage;

import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Upstream's layout of the key space. */
public final class StorageKeys {
    /** Under which all objects lie. */
    public static final String ROOT = "/registry/";

    /** The one key outside {@link #ROOT}: the API servers agree through it on who compacts. */
    public static final String COMPACTION = "compact_rev_key";

    /** The RangeAllocation of node ports. */
    public static final String NODE_PORTS = ROOT + "ranges/servicenodeports";

    private static final Map<String, String> RENAMED = Map.of(
            "replicationcontrollers", "controllers",
            "endpoints", "services/endpoints",
            "nodes", "minions",
            "services", "services/specs",
            "ingresses.networking.k8s.io", "ingress");

    /** Groups whose resources are stored as custom ones are: below the group's name, in JSON. */
    private static final Set<String> WITH_GROUP = Set.of("apiextensions.k8s.io", "apiregistration.k8s.io");

    /** New as v1 in 1.36: upstream still writes what 1.35 can read. */
    private static final Set<String> STORED_AS_V1BETA1 = Set.of(
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings.admissionregistration.k8s.io");

    private StorageKeys() {}

    /** The prefix of all objects of a resource, with a slash at its end. */
    public static String prefix(ResourceType<?> type) {
        if (type.isCustom()) {
            return prefix(type.group(), type.plural());
        }
        String renamed = RENAMED.get(type.qualifiedResource());
        if (renamed != null) {
            return ROOT + renamed + "/";
        }
        return WITH_GROUP.contains(type.group()) ? prefix(type.group(), type.plural()) : ROOT + type.plural() + "/";
    }

    /** The prefix of a custom resource. */
    public static String prefix(String group, String plural) {
        return ROOT + group + "/" + plural + "/";
    }

    /** What follows the prefix in an object's key; namespace is empty for cluster-scoped objects. */
    public static String suffix(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /** Whether objects of the type are stored as JSON. */
    public static boolean storedAsJson(ResourceType<?> type) {
        return type.isCustom() || WITH_GROUP.contains(type.group());
    }

    /** The type in whose version objects of the given type are stored: every served version reads and writes it. */
    public static ResourceType<?> storedAs(ResourceType<?> type) {
        if (type.isCustom()) {
            throw new IllegalArgumentException("only the definition of " + type + " knows how it is stored");
        }
        if (type.qualifiedResource().equals("events.events.k8s.io")) {
            return Kinds.builtIn().byResource("", "v1", "events").orElseThrow();
        }
        if (STORED_AS_V1BETA1.contains(type.qualifiedResource())) {
            return Kinds.builtIn()
                    .byResource(type.group(), "v1beta1", type.plural())
                    .orElseThrow();
        }
        return Newest.BY_RESOURCE.getOrDefault(type.qualifiedResource(), type);
    }

    /** The most stable version of each resource. */
    private static final class Newest {
        private static final Map<String, ResourceType<?>> BY_RESOURCE = Kinds.builtIn().all().stream()
                .collect(Collectors.toUnmodifiableMap(
                        ResourceType::qualifiedResource,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparing(type -> stability(type.version())))));
    }

    /** Orders v2 over v1 over v1beta2 over v1alpha3. */
    private static String stability(String version) {
        return version.contains("alpha") ? "0" + version : version.contains("beta") ? "1" + version : "2" + version;
    }
}
