package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.HostIP;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodIP;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.values.Times;
import java.util.List;
import java.util.Optional;

/** A pod's whole status. Pure. */
public final class PodStatuses {
    private PodStatuses() {}

    /** @param before the status in the API: what others own in it is kept, and so are times of what did not change */
    public static PodStatus compute(Pod pod, PodStatus before, ObservedPod observed, StatusInputs inputs) {
        PodStatus.Builder status = before.toBuilder();
        ContainerStatuses containers = new ContainerStatuses(pod, observed, inputs);
        List<ContainerStatus> inits = containers.of(pod.getSpec().getInitContainersList(), true);
        List<ContainerStatus> mains = containers.of(pod.getSpec().getContainersList(), false);
        String phase = PodPhases.of(pod, inits, mains, inputs.ended());
        if (isTerminal(before.getPhase())) {
            phase = before.getPhase();
        }
        status.clearReason().clearMessage();
        if (inputs.failure() != null && (inputs.ended() || observed.containers().isEmpty())) {
            phase = "Failed";
            status.setReason(inputs.failure().reason())
                    .setMessage(inputs.failure().message());
        } else if (isTerminal(before.getPhase())) {
            keepReason(status, before);
        }
        if (!before.hasStartTime()) {
            status.setStartTime(Times.time(inputs.now()));
        }
        Optional<ObservedSandbox> sandbox = observed.readySandbox();
        addresses(status, pod, sandbox, inputs);
        return status.setPhase(phase)
                .setQosClass(QosClasses.of(pod))
                .setObservedGeneration(pod.getMetadata().getGeneration())
                .clearInitContainerStatuses()
                .addAllInitContainerStatuses(inits)
                .clearContainerStatuses()
                .addAllContainerStatuses(mains)
                .clearEphemeralContainerStatuses()
                .addAllEphemeralContainerStatuses(containers.ofEphemeral())
                .clearConditions()
                .addAllConditions(new PodConditions(pod, before.getConditionsList(), inputs.now(), phase, inits, mains)
                        .all(
                                sandbox.isPresent()
                                        && (sandbox.get().hostNetwork()
                                                || !sandbox.get().ips().isEmpty()),
                                inputs.failure() != null))
                .build();
    }

    public static boolean isTerminal(String phase) {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static void keepReason(PodStatus.Builder status, PodStatus before) {
        if (before.hasReason()) {
            status.setReason(before.getReason());
        }
        if (before.hasMessage()) {
            status.setMessage(before.getMessage());
        }
    }

    /** An ended pod keeps the address that it had. */
    private static void addresses(
            PodStatus.Builder status, Pod pod, Optional<ObservedSandbox> sandbox, StatusInputs inputs) {
        if (!inputs.nodeIp().isEmpty()) {
            status.setHostIP(inputs.nodeIp())
                    .clearHostIPs()
                    .addHostIPs(HostIP.newBuilder().setIp(inputs.nodeIp()));
        }
        List<String> ips = sandbox.map(ObservedSandbox::ips).orElse(List.of());
        if (pod.getSpec().getHostNetwork() && !inputs.nodeIp().isEmpty()) {
            ips = List.of(inputs.nodeIp());
        }
        if (!ips.isEmpty()) {
            status.setPodIP(ips.getFirst()).clearPodIPs();
            ips.forEach(ip -> status.addPodIPs(PodIP.newBuilder().setIp(ip)));
        }
    }
}
