package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A rule of one pod about others, ready to match.
 *
 * @param namespaces of the others, by name
 * @param namespaceSelector further namespaces of theirs, by labels
 * @param selector their labels
 * @param topologyKey the node label by which nodes are near to each other
 * @param weight of a preference; 0 for a requirement
 */
public record AffinityTerm(
        Set<String> namespaces, LabelMatcher namespaceSelector, LabelMatcher selector, String topologyKey, int weight) {

    static AffinityTerm of(Pod owner, PodAffinityTerm term, int weight) {
        Set<String> names = term.getNamespacesCount() == 0 && !term.hasNamespaceSelector()
                ? Set.of(owner.getMetadata().getNamespace())
                : Set.copyOf(term.getNamespacesList());
        return new AffinityTerm(
                names,
                term.hasNamespaceSelector() ? LabelSelectors.of(term.getNamespaceSelector()) : LabelSelectors.nothing(),
                term.hasLabelSelector() ? LabelSelectors.of(merged(owner, term)) : LabelSelectors.nothing(),
                term.getTopologyKey(),
                weight);
    }

    /** With the owner's values of the labels that the term names by key only. */
    private static LabelSelector merged(Pod owner, PodAffinityTerm term) {
        LabelSelector.Builder selector = term.getLabelSelector().toBuilder();
        Map<String, String> labels = owner.getMetadata().getLabelsMap();
        for (String key : term.getMatchLabelKeysList()) {
            if (labels.containsKey(key)) {
                selector.addMatchExpressions(requirement(key, "In", labels.get(key)));
            }
        }
        for (String key : term.getMismatchLabelKeysList()) {
            if (labels.containsKey(key)) {
                selector.addMatchExpressions(requirement(key, "NotIn", labels.get(key)));
            }
        }
        return selector.build();
    }

    private static LabelSelectorRequirement requirement(String key, String operator, String value) {
        return LabelSelectorRequirement.newBuilder()
                .setKey(key)
                .setOperator(operator)
                .addValues(value)
                .build();
    }

    /** @param namespaceLabels of a namespace, by its name */
    public boolean matches(Pod other, Function<String, Map<String, String>> namespaceLabels) {
        String namespace = other.getMetadata().getNamespace();
        return (namespaces.contains(namespace)
                        || (!namespaceSelector.nothing()
                                && namespaceSelector.matches(namespaceLabels.apply(namespace))))
                && selector.matches(other.getMetadata().getLabelsMap());
    }
}
