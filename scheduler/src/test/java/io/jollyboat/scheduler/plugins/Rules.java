package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.core.v1.TopologySpreadConstraint;
import io.jollyboat.api.core.v1.WeightedPodAffinityTerm;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.scheduler.Objects;
import java.util.Map;

/** Pods with rules about other pods. Each has the labels that its rule names. */
final class Rules {
    private Rules() {}

    static Pod labelled(String name, Map<String, String> labels) {
        Pod.Builder pod = Objects.pod(name).toBuilder();
        pod.getMetadataBuilder().putAllLabels(labels);
        return pod.build();
    }

    /** Only where others with the labels are. */
    static Pod near(String name, String topologyKey, Map<String, String> others) {
        Pod.Builder pod = labelled(name, others).toBuilder();
        pod.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAffinityBuilder()
                .addRequiredDuringSchedulingIgnoredDuringExecution(term(topologyKey, others));
        return pod.build();
    }

    /** Only where no other with the labels is. */
    static Pod far(String name, String topologyKey, Map<String, String> others) {
        Pod.Builder pod = labelled(name, others).toBuilder();
        pod.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAntiAffinityBuilder()
                .addRequiredDuringSchedulingIgnoredDuringExecution(term(topologyKey, others));
        return pod.build();
    }

    /** Rather where others with the labels are. */
    static Pod ratherNear(Pod pod, String topologyKey, Map<String, String> others) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAffinityBuilder()
                .addPreferredDuringSchedulingIgnoredDuringExecution(weighted(topologyKey, others));
        return builder.build();
    }

    /** Rather where no others with the labels are. */
    static Pod ratherFar(Pod pod, String topologyKey, Map<String, String> others) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAntiAffinityBuilder()
                .addPreferredDuringSchedulingIgnoredDuringExecution(weighted(topologyKey, others));
        return builder.build();
    }

    private static WeightedPodAffinityTerm weighted(String topologyKey, Map<String, String> others) {
        return WeightedPodAffinityTerm.newBuilder()
                .setWeight(100)
                .setPodAffinityTerm(term(topologyKey, others))
                .build();
    }

    static PodAffinityTerm.Builder term(String topologyKey, Map<String, String> others) {
        return PodAffinityTerm.newBuilder()
                .setTopologyKey(topologyKey)
                .setLabelSelector(LabelSelector.newBuilder().putAllMatchLabels(others));
    }

    /** With one more constraint on how pods with the labels spread. */
    static Pod spread(Pod pod, String topologyKey, int maxSkew, String whenUnsatisfiable, Map<String, String> others) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder()
                .addTopologySpreadConstraints(TopologySpreadConstraint.newBuilder()
                        .setTopologyKey(topologyKey)
                        .setMaxSkew(maxSkew)
                        .setWhenUnsatisfiable(whenUnsatisfiable)
                        .setLabelSelector(LabelSelector.newBuilder().putAllMatchLabels(others)));
        return builder.build();
    }
}
