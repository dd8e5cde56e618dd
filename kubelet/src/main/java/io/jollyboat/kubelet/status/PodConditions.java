package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.PodReadinessGate;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions that the kubelet owns, in upstream's order; those of others are kept. Pure. */
final class PodConditions {
    private static final List<String> OWN =
            List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    private final Pod pod;
    private final List<PodCondition> before;
    private final Instant now;
    private final String phase;
    private final List<ContainerStatus> inits;
    private final List<ContainerStatus> mains;

    PodConditions(
            Pod pod,
            List<PodCondition> before,
            Instant now,
            String phase,
            List<ContainerStatus> inits,
            List<ContainerStatus> mains) {
        this.pod = pod;
        this.before = before;
        this.now = now;
        this.phase = phase;
        this.inits = inits;
        this.mains = mains;
    }

    /** A condition without its bookkeeping. */
    private record Verdict(boolean holds, String reason, String message) {
        static final Verdict YES = new Verdict(true, "", "");

        static Verdict no(String reason, String message) {
            return new Verdict(false, reason, message);
        }
    }

    List<PodCondition> all(boolean sandboxReady, boolean failing) {
        List<PodCondition> conditions = new ArrayList<>();
        before.stream().filter(c -> !OWN.contains(c.getType())).forEach(conditions::add);
        Verdict containersReady = containersReady(failing);
        conditions.add(condition("PodReadyToStartContainers", new Verdict(sandboxReady, "", "")));
        conditions.add(condition("Initialized", initialized()));
        conditions.add(condition("Ready", ready(containersReady)));
        conditions.add(condition("ContainersReady", containersReady));
        conditions.add(condition("PodScheduled", Verdict.YES));
        return conditions;
    }

    private Verdict initialized() {
        if (phase.equals("Succeeded") || allCompleted()) {
            return new Verdict(true, "PodCompleted", "");
        }
        List<String> incomplete = new ArrayList<>();
        boolean mainsBegan = mains.stream()
                .anyMatch(m -> m.getState().hasRunning()
                        || m.getState().hasTerminated()
                        || m.getLastState().hasTerminated());
        for (int i = 0; i < inits.size(); i++) {
            ContainerStatus init = inits.get(i);
            boolean done = Specs.isSidecar(pod.getSpec().getInitContainers(i))
                    ? init.getStarted() || mainsBegan
                    : init.getReady() || mainsBegan;
            if (!done) {
                incomplete.add(init.getName());
            }
        }
        return incomplete.isEmpty()
                ? Verdict.YES
                : Verdict.no("ContainersNotInitialized", "containers with incomplete status: " + goList(incomplete));
    }

    private Verdict containersReady(boolean failing) {
        if (phase.equals("Failed") || failing) {
            return Verdict.no("PodFailed", "");
        }
        if (phase.equals("Succeeded") || allCompleted()) {
            return Verdict.no("PodCompleted", "");
        }
        List<String> unready = new ArrayList<>();
        for (int i = 0; i < inits.size(); i++) {
            if (Specs.isSidecar(pod.getSpec().getInitContainers(i))
                    && !inits.get(i).getReady()) {
                unready.add(inits.get(i).getName());
            }
        }
        for (ContainerStatus main : mains) {
            if (!main.getReady()) {
                unready.add(main.getName());
            }
        }
        return unready.isEmpty()
                ? Verdict.YES
                : Verdict.no("ContainersNotReady", "containers with unready status: " + goList(unready));
    }

    private boolean allCompleted() {
        return !Specs.restartPolicy(pod).equals("Always")
                && !mains.isEmpty()
                && mains.stream()
                        .allMatch(m -> m.getState().hasTerminated()
                                && m.getState().getTerminated().getExitCode() == 0);
    }

    private Verdict ready(Verdict containersReady) {
        if (!containersReady.holds()) {
            return containersReady;
        }
        List<String> unmet = new ArrayList<>();
        for (PodReadinessGate gate : pod.getSpec().getReadinessGatesList()) {
            Optional<PodCondition> condition = before.stream()
                    .filter(c -> c.getType().equals(gate.getConditionType()))
                    .findFirst();
            if (condition.isEmpty()) {
                unmet.add("corresponding condition of pod readiness gate \"" + gate.getConditionType()
                        + "\" does not exist.");
            } else if (!condition.get().getStatus().equals("True")) {
                unmet.add("the status of pod readiness gate \"" + gate.getConditionType() + "\" is not \"True\", but "
                        + condition.get().getStatus());
            }
        }
        return unmet.isEmpty() ? Verdict.YES : Verdict.no("ReadinessGatesNotReady", String.join(", ", unmet));
    }

    private PodCondition condition(String type, Verdict verdict) {
        String status = verdict.holds() ? "True" : "False";
        Optional<PodCondition> old =
                before.stream().filter(c -> c.getType().equals(type)).findFirst();
        PodCondition.Builder condition = PodCondition.newBuilder()
                .setType(type)
                .setStatus(status)
                .setObservedGeneration(pod.getMetadata().getGeneration());
        if (old.isPresent() && old.get().getStatus().equals(status) && old.get().hasLastTransitionTime()) {
            condition.setLastTransitionTime(old.get().getLastTransitionTime());
        } else {
            condition.setLastTransitionTime(Times.time(now));
        }
        if (!verdict.reason().isEmpty()) {
            condition.setReason(verdict.reason());
        }
        if (!verdict.message().isEmpty()) {
            condition.setMessage(verdict.message());
        }
        return condition.build();
    }

    /** As Go prints a slice. */
    private static String goList(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
