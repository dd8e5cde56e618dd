package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.Volume;
import java.util.Map;

/**
 * All of a pod that a filter or score may depend on. Pods with equal keys form a class, whose results are kept.
 *
 * @param namespace and {@code labels} only where the pod or placed pods have rules about other pods, else empty
 */
public record PodClassKey(PodSpec spec, String namespace, Map<String, String> labels, PodStatus status) {
    /** @param amongRules pods that have their place have rules about others, so that all labels matter */
    static PodClassKey of(Pod pod, boolean amongRules) {
        PodSpec spec = pod.getSpec();
        PodSpec.Builder key = PodSpec.newBuilder()
                .putAllNodeSelector(spec.getNodeSelectorMap())
                .addAllTolerations(spec.getTolerationsList())
                .putAllOverhead(spec.getOverheadMap())
                .addAllTopologySpreadConstraints(spec.getTopologySpreadConstraintsList())
                .addAllResourceClaims(spec.getResourceClaimsList())
                .setNodeName(spec.getNodeName());
        if (spec.hasAffinity()) {
            key.setAffinity(spec.getAffinity());
        }
        if (spec.hasResources()) {
            key.setResources(spec.getResources());
        }
        spec.getContainersList().forEach(c -> key.addContainers(relevant(c)));
        spec.getInitContainersList().forEach(c -> key.addInitContainers(relevant(c)));
        for (Volume volume : spec.getVolumesList()) {
            if (volume.getVolumeSource().hasPersistentVolumeClaim()
                    || volume.getVolumeSource().hasEphemeral()
                    || volume.getVolumeSource().hasImage()) {
                key.addVolumes(volume);
            }
        }
        boolean social = amongRules
                || !spec.getTopologySpreadConstraintsList().isEmpty()
                || spec.getAffinity().hasPodAffinity()
                || spec.getAffinity().hasPodAntiAffinity();
        // A resize under way shows in the statuses; a pod that waits has none.
        PodStatus resize = PodStatus.newBuilder()
                .addAllContainerStatuses(pod.getStatus().getContainerStatusesList())
                .addAllInitContainerStatuses(pod.getStatus().getInitContainerStatusesList())
                .build();
        return new PodClassKey(
                key.build(),
                social || key.getVolumesCount() > 0 ? pod.getMetadata().getNamespace() : "",
                social ? Map.copyOf(pod.getMetadata().getLabelsMap()) : Map.of(),
                resize);
    }

    private static Container relevant(Container container) {
        Container.Builder key =
                Container.newBuilder().setImage(container.getImage()).setRestartPolicy(container.getRestartPolicy());
        if (container.getResources().getRequestsCount() > 0) {
            key.getResourcesBuilder().putAllRequests(container.getResources().getRequestsMap());
        }
        for (ContainerPort port : container.getPortsList()) {
            if (port.getHostPort() > 0) {
                key.addPorts(ContainerPort.newBuilder()
                        .setHostPort(port.getHostPort())
                        .setHostIP(port.getHostIP())
                        .setProtocol(port.getProtocol()));
            }
        }
        return key.build();
    }
}
