package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.admissionregistration.v1.MatchResources;
import io.jollyboat.api.admissionregistration.v1.NamedRuleWithOperations;
import io.jollyboat.api.admissionregistration.v1.RuleWithOperations;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.admission.RuleMatch;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.util.List;
import java.util.Optional;

/** Whether a policy or a binding means a request: rules, excluding rules, and selectors. */
final class PolicyMatch {
    private final LabelMatcher namespaces;
    private final LabelMatcher objects;
    private final List<NamedRuleWithOperations> rules;
    private final List<NamedRuleWithOperations> excluded;
    private final boolean equivalent;

    PolicyMatch(MatchResources match) {
        this.namespaces = match.hasNamespaceSelector()
                ? LabelSelectors.of(match.getNamespaceSelector())
                : LabelSelectors.everything();
        this.objects =
                match.hasObjectSelector() ? LabelSelectors.of(match.getObjectSelector()) : LabelSelectors.everything();
        this.rules = match.getResourceRulesList();
        this.excluded = match.getExcludeResourceRulesList();
        this.equivalent = !match.getMatchPolicy().equals("Exact");
    }

    /**
     * The resource as which the request is meant, empty where it is not.
     *
     * @param object null for a deletion
     */
    Optional<ResourceType<?>> find(
            AdmissionRequest request, Message object, NamespaceMatch namespace, EquivalentResources equivalents) {
        // Rules first: they are cheap and mostly decide.
        Optional<ResourceType<?>> as =
                rules.isEmpty() ? Optional.of(request.type()) : find(rules, request, equivalents);
        boolean meant = as.isPresent()
                && find(excluded, request, equivalents).isEmpty()
                && namespace.matches(namespaces, request, object)
                && NamespaceMatch.matchesObject(objects, request, object);
        return meant ? as : Optional.empty();
    }

    private Optional<ResourceType<?>> find(
            List<NamedRuleWithOperations> candidates, AdmissionRequest request, EquivalentResources equivalents) {
        List<RuleWithOperations> named = candidates.stream()
                .filter(rule -> rule.getResourceNamesCount() == 0
                        || rule.getResourceNamesList().contains(request.name()))
                .map(NamedRuleWithOperations::getRuleWithOperations)
                .toList();
        return RuleMatch.find(named, request, equivalent, equivalents);
    }
}
