package io.jollyboat.quota;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.WeightedPodAffinityTerm;
import java.util.List;
import java.util.stream.Stream;

/** Whether a pod has a say in where pods of other namespaces may run. */
final class Affinities {
    private Affinities() {}

    static boolean crossNamespaces(PodSpec spec) {
        Affinity affinity = spec.getAffinity();
        return Stream.of(
                        affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList().stream(),
                        affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList().stream(),
                        terms(affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList()),
                        terms(affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList()))
                .flatMap(terms -> terms)
                .anyMatch(term -> term.getNamespacesCount() > 0 || term.hasNamespaceSelector());
    }

    private static Stream<PodAffinityTerm> terms(List<WeightedPodAffinityTerm> weighted) {
        return weighted.stream().map(WeightedPodAffinityTerm::getPodAffinityTerm);
    }
}
