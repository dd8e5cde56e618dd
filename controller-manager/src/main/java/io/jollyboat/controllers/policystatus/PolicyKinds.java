package io.jollyboat.controllers.policystatus;

import io.jollyboat.api.admissionregistration.v1.NamedRuleWithOperations;
import io.jollyboat.api.admissionregistration.v1.ParamKind;
import io.jollyboat.api.admissionregistration.v1.Rule;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.DeclaredTypes;
import io.jollyboat.cel.SchemaTypes;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The kinds that a policy is about, with the types of their objects. */
final class PolicyKinds {
    private static final int MOST = 10;

    private final Collection<CustomResourceDefinition> definitions;

    PolicyKinds(Collection<CustomResourceDefinition> definitions) {
        this.definitions = definitions;
    }

    /** Group, version and kind; in upstream's order. */
    record Gvk(String group, String version, String kind) implements Comparable<Gvk> {
        private static final Comparator<Gvk> ORDER =
                Comparator.comparing(Gvk::group).thenComparing(Gvk::version).thenComparing(Gvk::kind);

        @Override
        public int compareTo(Gvk other) {
            return ORDER.compare(this, other);
        }

        /** As upstream prints it. */
        @Override
        public String toString() {
            return group + "/" + version + ", Kind=" + kind;
        }
    }

    /** Those of the rules that name them without wildcards, at most ten a rule; as upstream. */
    Map<Gvk, DeclType> of(List<NamedRuleWithOperations> rules) {
        TreeSet<Gvk> kinds = new TreeSet<>();
        for (NamedRuleWithOperations rule : rules) {
            if (!add(rule.getRuleWithOperations().getRule(), kinds)) {
                break;
            }
        }
        Map<Gvk, DeclType> types = new LinkedHashMap<>();
        kinds.forEach(kind -> type(kind).ifPresent(type -> types.put(kind, type)));
        return types;
    }

    /** Empty where there is no such kind, whose objects expressions then take for anything. */
    Optional<DeclType> of(ParamKind kind) {
        String[] parts = kind.getApiVersion().split("/", -1);
        return parts.length > 2
                ? Optional.empty()
                : type(new Gvk(parts.length == 1 ? "" : parts[0], parts[parts.length - 1], kind.getKind()));
    }

    /** Whether there is room for more. */
    private boolean add(Rule rule, Set<Gvk> kinds) {
        boolean anything = rule.getApiGroupsList().stream().anyMatch(group -> group.contains("*"))
                || rule.getApiVersionsList().stream().anyMatch(version -> version.contains("*"));
        if (anything) {
            return true;
        }
        int count = 0;
        for (String group : rule.getApiGroupsList().stream().sorted().toList()) {
            for (String version : rule.getApiVersionsList().stream().sorted().toList()) {
                for (String resource : rule.getResourcesList().stream().sorted().toList()) {
                    for (Gvk kind : named(group, version, resource)) {
                        kinds.add(kind);
                        if (++count == MOST) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    /** The empty group stands for any, as it does for upstream's mapping. */
    private List<Gvk> named(String group, String version, String resource) {
        List<Gvk> found = new ArrayList<>();
        if (resource.contains("*") || resource.contains("/")) {
            return found;
        }
        String plural = resource.toLowerCase(Locale.ROOT);
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            boolean served = !type.rules().getNotServed() && type.rules().getVerbsCount() > 0;
            if (served
                    && type.version().equals(version)
                    && type.plural().equals(plural)
                    && (group.isEmpty() || type.group().equals(group))) {
                found.add(new Gvk(type.group(), version, type.kind()));
            }
        }
        for (CustomResourceDefinition definition : definitions) {
            var names = definition.getStatus().getAcceptedNames();
            boolean named = names.getPlural().equals(plural)
                    && (group.isEmpty() || definition.getSpec().getGroup().equals(group));
            if (named && version(definition, version).isPresent()) {
                found.add(new Gvk(definition.getSpec().getGroup(), version, names.getKind()));
            }
        }
        return found;
    }

    private static Optional<CustomResourceDefinitionVersion> version(CustomResourceDefinition definition, String name) {
        return definition.getSpec().getVersionsList().stream()
                .filter(version -> version.getServed() && version.getName().equals(name))
                .findFirst();
    }

    private Optional<DeclType> type(Gvk gvk) {
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            if (type.group().equals(gvk.group)
                    && type.version().equals(gvk.version)
                    && type.kind().equals(gvk.kind)
                    && !type.rules().getNotServed()) {
                return Optional.of(DeclaredTypes.of(gvk.kind, type.prototype().getDescriptorForType()));
            }
        }
        return definitions.stream()
                .filter(definition -> definition.getSpec().getGroup().equals(gvk.group)
                        && definition.getStatus().getAcceptedNames().getKind().equals(gvk.kind))
                .findFirst()
                .flatMap(definition -> version(definition, gvk.version))
                .map(version -> custom(gvk.kind, version));
    }

    private static DeclType custom(String kind, CustomResourceDefinitionVersion version) {
        DeclType declared =
                SchemaTypes.of(JsonCodec.toTree(version.getSchema().getOpenAPIV3Schema(), null, null), true);
        Map<String, DeclType> fields = new LinkedHashMap<>(declared.fields());
        // What is published for a custom resource has all of its metadata.
        fields.put("metadata", DeclaredTypes.of("object", ObjectMeta.getDescriptor()));
        return DeclType.object("object", fields).named(kind);
    }
}
