package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.PodSchedulingGate;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreEnqueuePlugin;
import java.util.List;
import java.util.Optional;

/** Leaves pods alone until all their gates are removed. */
final class SchedulingGatesPlugin implements PreEnqueuePlugin {
    @Override
    public String name() {
        return "SchedulingGates";
    }

    @Override
    public Optional<String> gate(PodInfo pod) {
        List<String> gates = pod.pod().getSpec().getSchedulingGatesList().stream()
                .map(PodSchedulingGate::getName)
                .toList();
        return gates.isEmpty()
                ? Optional.empty()
                : Optional.of("waiting for scheduling gates: [" + String.join(" ", gates) + "]");
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return Hint.queueIf(event instanceof ClusterEvent.WaitingPodUpdated);
    }
}
