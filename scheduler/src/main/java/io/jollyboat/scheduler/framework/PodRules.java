package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.core.v1.WeightedPodAffinityTerm;
import java.util.List;

/** A pod's rules about other pods: near which it must or would rather be, and far from which. */
public record PodRules(
        List<AffinityTerm> requiredNear,
        List<AffinityTerm> requiredFar,
        List<AffinityTerm> preferredNear,
        List<AffinityTerm> preferredFar) {
    private static final PodRules NONE = new PodRules(List.of(), List.of(), List.of(), List.of());

    static PodRules of(Pod pod) {
        Affinity affinity = pod.getSpec().getAffinity();
        if (!affinity.hasPodAffinity() && !affinity.hasPodAntiAffinity()) {
            return NONE;
        }
        return new PodRules(
                required(pod, affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList()),
                required(pod, affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList()),
                preferred(pod, affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList()),
                preferred(pod, affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList()));
    }

    private static List<AffinityTerm> required(Pod pod, List<PodAffinityTerm> terms) {
        return terms.stream().map(term -> AffinityTerm.of(pod, term, 0)).toList();
    }

    private static List<AffinityTerm> preferred(Pod pod, List<WeightedPodAffinityTerm> terms) {
        return terms.stream()
                .map(term -> AffinityTerm.of(pod, term.getPodAffinityTerm(), term.getWeight()))
                .toList();
    }

    public boolean isEmpty() {
        return requiredNear.isEmpty() && requiredFar.isEmpty() && preferredNear.isEmpty() && preferredFar.isEmpty();
    }
}
