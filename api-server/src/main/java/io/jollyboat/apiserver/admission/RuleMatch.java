package io.jollyboat.apiserver.admission;

import io.jollyboat.api.admissionregistration.v1.Rule;
import io.jollyboat.api.admissionregistration.v1.RuleWithOperations;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Optional;

/** Whether the rules of webhooks and policies mean a request. */
public final class RuleMatch {
    private static final String ANY = "*";

    private RuleMatch() {}

    /** Those that no webhook and no policy is asked about, lest one lock itself in. */
    public static boolean isExempt(AdmissionRequest request) {
        return request.type().group().equals("admissionregistration.k8s.io")
                && switch (request.type().kind()) {
                    case "ValidatingWebhookConfiguration",
                            "MutatingWebhookConfiguration",
                            "ValidatingAdmissionPolicy",
                            "ValidatingAdmissionPolicyBinding",
                            "MutatingAdmissionPolicy",
                            "MutatingAdmissionPolicyBinding" -> true;
                    default -> false;
                };
    }

    /**
     * The resource as which the rules mean the request's: itself, else, where it counts, an equivalent one.
     *
     * @param equivalent whether {@code matchPolicy} is Equivalent
     */
    public static Optional<ResourceType<?>> find(
            List<RuleWithOperations> rules,
            AdmissionRequest request,
            boolean equivalent,
            EquivalentResources equivalents) {
        for (RuleWithOperations rule : rules) {
            if (matches(rule, request, request.type())) {
                return Optional.of(request.type());
            }
        }
        if (!equivalent) {
            return Optional.empty();
        }
        List<ResourceType<?>> others = equivalents.of(request.type());
        if (others.isEmpty()) {
            return Optional.empty();
        }
        for (RuleWithOperations rule : rules) {
            for (ResourceType<?> other : others) {
                if (matches(rule, request, other)) {
                    return Optional.of(other);
                }
            }
        }
        return Optional.empty();
    }

    /** @param as the request's resource, or an equivalent one */
    public static boolean matches(RuleWithOperations rule, AdmissionRequest request, ResourceType<?> as) {
        Rule what = rule.getRule();
        return named(rule.getOperationsList(), request.operation().name())
                && named(what.getApiGroupsList(), as.group())
                && named(what.getApiVersionsList(), as.version())
                && resource(what.getResourcesList(), as.plural(), request.subresource())
                && scope(what.getScope(), request, as);
    }

    private static boolean scope(String scope, AdmissionRequest request, ResourceType<?> as) {
        boolean cluster = request.scope().isEmpty()
                || (as.group().isEmpty() && as.plural().equals("namespaces"));
        return switch (scope) {
            case "", ANY -> true;
            case "Namespaced" -> !cluster;
            case "Cluster" -> cluster;
            default -> false;
        };
    }

    private static boolean named(List<String> items, String wanted) {
        for (String item : items) {
            if (item.equals(ANY) || item.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean resource(List<String> items, String resource, String subresource) {
        for (String item : items) {
            int slash = item.indexOf('/');
            String main = slash < 0 ? item : item.substring(0, slash);
            String sub = slash < 0 ? "" : item.substring(slash + 1);
            if ((main.equals(ANY) || main.equals(resource)) && (sub.equals(ANY) || sub.equals(subresource))) {
                return true;
            }
        }
        return false;
    }
}
