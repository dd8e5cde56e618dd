package io.jollyboat.apiserver.table;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerState;
import io.jollyboat.api.core.v1.ContainerStateTerminated;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.PodReadinessGate;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cells of a pod: what its containers' states amount to. Single use. */
final class PodCells {
    private final Pod pod;
    private final PodStatus status;
    private final Set<String> sidecars = new HashSet<>();
    private String reason;
    private int total;
    private int ready;
    private int restarts;
    private int sidecarRestarts;
    private Time lastRestart = Time.getDefaultInstance();
    private Time lastSidecarRestart = Time.getDefaultInstance();

    PodCells(Pod pod) {
        this.pod = pod;
        this.status = pod.getStatus();
    }

    List<Object> cells(Instant now) {
        reason = status.getReason().isEmpty() ? status.getPhase() : status.getReason();
        for (PodCondition condition : status.getConditionsList()) {
            if (condition.getType().equals("PodScheduled")
                    && condition.getReason().equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        total = pod.getSpec().getContainersCount();
        for (Container container : pod.getSpec().getInitContainersList()) {
            if (container.getRestartPolicy().equals("Always")) {
                sidecars.add(container.getName());
                total++;
            }
        }
        boolean initializing = initContainers();
        if (!initializing || isTrue("Initialized")) {
            restarts = sidecarRestarts;
            lastRestart = lastSidecarRestart;
            containers();
        }
        if (pod.getMetadata().hasDeletionTimestamp()) {
            boolean ended =
                    status.getPhase().equals("Failed") || status.getPhase().equals("Succeeded");
            if (status.getReason().equals("NodeLost")) {
                reason = "Unknown";
            } else if (!ended) {
                reason = "Terminating";
            }
        }
        String count = Integer.toString(restarts);
        if (restarts != 0 && !Times.isZero(lastRestart)) {
            count += " (" + CellText.since(lastRestart, now) + " ago)";
        }
        return List.of(
                pod.getMetadata().getName(),
                ready + "/" + total,
                reason,
                count,
                CellText.age(pod.getMetadata(), now),
                CellText.orNone(
                        status.getPodIPsCount() > 0 ? status.getPodIPs(0).getIp() : ""),
                CellText.orNone(pod.getSpec().getNodeName()),
                CellText.orNone(status.getNominatedNodeName()),
                readinessGates());
    }

    /** True while an init container has not done its part. */
    private boolean initContainers() {
        for (int i = 0; i < status.getInitContainerStatusesCount(); i++) {
            ContainerStatus container = status.getInitContainerStatuses(i);
            boolean sidecar = sidecars.contains(container.getName());
            count(container, sidecar);
            ContainerState state = container.getState();
            if (state.hasTerminated() && state.getTerminated().getExitCode() == 0) {
                continue;
            }
            if (sidecar && container.getStarted()) {
                ready += container.getReady() ? 1 : 0;
                continue;
            }
            String waiting = state.getWaiting().getReason();
            if (state.hasTerminated()) {
                reason = "Init:" + ended(state.getTerminated());
            } else if (state.hasWaiting() && !waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                reason = "Init:" + waiting;
            } else {
                reason = "Init:" + i + "/" + pod.getSpec().getInitContainersCount();
            }
            return true;
        }
        return false;
    }

    private void count(ContainerStatus container, boolean sidecar) {
        restarts += container.getRestartCount();
        Time ended = container.getLastState().getTerminated().getFinishedAt();
        boolean terminated = container.getLastState().hasTerminated();
        if (terminated && lastRestart.getSeconds() < ended.getSeconds()) {
            lastRestart = ended;
        }
        if (sidecar) {
            sidecarRestarts += container.getRestartCount();
            if (terminated && lastSidecarRestart.getSeconds() < ended.getSeconds()) {
                lastSidecarRestart = ended;
            }
        }
    }

    private void containers() {
        boolean running = false;
        String error = "";
        for (int i = status.getContainerStatusesCount() - 1; i >= 0; i--) {
            ContainerStatus container = status.getContainerStatuses(i);
            count(container, false);
            ContainerState state = container.getState();
            if (!state.getWaiting().getReason().isEmpty()) {
                reason = state.getWaiting().getReason();
            } else if (state.hasTerminated()) {
                reason = ended(state.getTerminated());
                if (state.getTerminated().getExitCode() != 0) {
                    error = reason;
                }
            } else if (container.getReady() && state.hasRunning()) {
                running = true;
                ready++;
            }
        }
        if (reason.equals("Completed")) {
            if (running && isTrue("Ready")) {
                reason = "Running";
            } else if (!error.isEmpty()) {
                reason = error;
            } else if (running) {
                reason = "NotReady";
            }
        }
    }

    private static String ended(ContainerStateTerminated state) {
        if (!state.getReason().isEmpty()) {
            return state.getReason();
        }
        return state.getSignal() != 0 ? "Signal:" + state.getSignal() : "ExitCode:" + state.getExitCode();
    }

    private boolean isTrue(String type) {
        return status.getConditionsList().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .map(condition -> condition.getStatus().equals("True"))
                .orElse(false);
    }

    private String readinessGates() {
        List<PodReadinessGate> gates = pod.getSpec().getReadinessGatesList();
        long passed =
                gates.stream().filter(gate -> isTrue(gate.getConditionType())).count();
        return gates.isEmpty() ? CellText.NONE : passed + "/" + gates.size();
    }
}
