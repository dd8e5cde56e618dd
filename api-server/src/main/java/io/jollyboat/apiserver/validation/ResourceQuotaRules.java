package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.ResourceQuotaSpec;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules of resource quotas. */
final class ResourceQuotaRules {
    private static final Set<String> QUOTA_RESOURCES = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "persistentvolumeclaims",
            "configmaps",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> POD_RESOURCES =
            Set.of("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
    private static final Set<String> CLAIM_RESOURCES = Set.of("persistentvolumeclaims", "requests.storage");
    private static final Set<String> SCOPES = Set.of(
            "Terminating",
            "NotTerminating",
            "BestEffort",
            "NotBestEffort",
            "PriorityClass",
            "CrossNamespacePodAffinity",
            "VolumeAttributesClass");
    private static final Set<String> BARE_SCOPES =
            Set.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity");

    private ResourceQuotaRules() {}

    static void create(Errors errors, ResourceQuota quota) {
        MetaRules.check(errors, quota.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        spec(errors, quota.getSpec());
        status(errors, quota);
    }

    static void update(Errors errors, ResourceQuota quota, ResourceQuota old) {
        MetaRules.checkUpdate(errors, quota.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, quota.getSpec());
        Set<String> scopes = new HashSet<>(quota.getSpec().getScopesList());
        if (!scopes.equals(new HashSet<>(old.getSpec().getScopesList()))) {
            errors.invalid("spec.scopes", Errors.listOrNull(quota.getSpec().getScopesList()), "field is immutable");
        }
    }

    static void statusUpdate(Errors errors, ResourceQuota quota, ResourceQuota old) {
        MetaRules.checkUpdate(errors, quota.getMetadata(), old.getMetadata(), "metadata");
        status(errors, quota);
    }

    private static void status(Errors errors, ResourceQuota quota) {
        amounts(errors, quota.getStatus().getHardMap(), "status.hard");
        amounts(errors, quota.getStatus().getUsedMap(), "status.used");
    }

    private static void spec(Errors errors, ResourceQuotaSpec spec) {
        amounts(errors, spec.getHardMap(), "spec.hard");
        if (spec.getScopesCount() > 0) {
            scopes(errors, spec);
        }
        if (spec.hasScopeSelector()) {
            selector(errors, spec);
        }
    }

    private static void amounts(Errors errors, Map<String, Quantity> amounts, String path) {
        new TreeMap<>(amounts).forEach((name, amount) -> {
            String at = path + "[" + name + "]";
            CommonRules.resourceName(errors, name, at);
            if (!name.contains("/") && !isQuotaResource(name)) {
                errors.invalid(at, name, "must be a standard resource for quota");
            }
            CommonRules.quantity(errors, name, amount, at);
        });
    }

    private static boolean isQuotaResource(String name) {
        return QUOTA_RESOURCES.contains(name)
                || name.startsWith("hugepages-")
                || name.startsWith("requests.hugepages-");
    }

    private static void scopes(Errors errors, ResourceQuotaSpec spec) {
        Object shown = Errors.shown(spec.getScopesList());
        for (String scope : spec.getScopesList()) {
            if (!SCOPES.contains(scope)) {
                errors.invalid("spec.scopes", shown, "unsupported scope");
            }
            for (String name : new TreeSet<>(spec.getHardMap().keySet())) {
                if (isQuotaResource(name) && !applies(scope, name)) {
                    errors.invalid("spec.scopes", shown, "unsupported scope applied to resource");
                }
            }
        }
        conflicts(errors, Set.copyOf(spec.getScopesList()), "spec.scopes", shown);
    }

    private static boolean applies(String scope, String resource) {
        return switch (scope) {
            case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
                POD_RESOURCES.contains(resource);
            case "BestEffort" -> resource.equals("pods");
            case "VolumeAttributesClass" -> CLAIM_RESOURCES.contains(resource);
            default -> true;
        };
    }

    private static void conflicts(Errors errors, Set<String> scopes, String path, Object shown) {
        if (scopes.containsAll(List.of("BestEffort", "NotBestEffort"))) {
            errors.invalid(path, shown, "conflicting scopes");
        }
        if (scopes.containsAll(List.of("Terminating", "NotTerminating"))) {
            errors.invalid(path, shown, "conflicting scopes");
        }
    }

    private static void selector(Errors errors, ResourceQuotaSpec spec) {
        String path = "spec.scopeSelector.matchExpressions";
        Set<String> scopes = new HashSet<>();
        for (ScopedResourceSelectorRequirement requirement :
                spec.getScopeSelector().getMatchExpressionsList()) {
            String scope = requirement.getScopeName();
            if (!SCOPES.contains(scope)) {
                errors.invalid(path + ".scopeName", scope, "unsupported scope");
            }
            for (String name : new TreeSet<>(spec.getHardMap().keySet())) {
                if (isQuotaResource(name) && !applies(scope, name)) {
                    errors.invalid(
                            path, Errors.shown(spec.getScopeSelector()), "unsupported scope applied to resource");
                }
            }
            if (BARE_SCOPES.contains(scope) && !requirement.getOperator().equals("Exists")) {
                errors.invalid(
                        path + ".operator",
                        requirement.getOperator(),
                        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                                + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            operator(errors, requirement, path);
            scopes.add(scope);
        }
        conflicts(errors, scopes, path, Errors.listOrNull(spec.getScopesList()));
    }

    private static void operator(Errors errors, ScopedResourceSelectorRequirement requirement, String path) {
        switch (requirement.getOperator()) {
            case "In", "NotIn" -> {
                if (requirement.getValuesCount() == 0) {
                    errors.required(
                            path + ".values",
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (requirement.getValuesCount() > 0) {
                    errors.invalid(
                            path + ".values",
                            Errors.shown(requirement.getValuesList()),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> errors.invalid(path + ".operator", requirement.getOperator(), "not a valid selector operator");
        }
    }
}
