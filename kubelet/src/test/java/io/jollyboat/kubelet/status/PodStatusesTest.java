package io.jollyboat.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.PodReadinessGate;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedContainer.State;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PodStatusesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObservedSandbox READY = new ObservedSandbox("s0", 0, true, 0, false, List.of("10.0.0.2"));

    private final List<ObservedSandbox> sandboxes = new ArrayList<>(List.of(READY));
    private final List<ObservedContainer> containers = new ArrayList<>();
    private Map<String, Waiting> waiting = Map.of();
    private Set<String> started = Set.of();
    private Set<String> ready = Set.of();
    private boolean ended;
    private StatusInputs.Failure failure;
    private PodStatus before = PodStatus.getDefaultInstance();

    private PodStatusesTest has(String name, State state, int exitCode) {
        containers.add(new ObservedContainer(
                name + "-" + containers.size(),
                "s0",
                name,
                0,
                state,
                NOW,
                NOW,
                NOW,
                exitCode,
                "",
                "",
                "image",
                "sha256:1",
                "",
                ""));
        return this;
    }

    private PodStatus compute(UnaryOperator<PodSpec.Builder> spec) {
        Pod pod = Pods.pod("p", spec);
        return PodStatuses.compute(
                pod,
                before,
                new ObservedPod(sandboxes, containers),
                new StatusInputs(NOW, "10.90.0.2", "containerd", waiting, started, Set.of(), ready, ended, failure));
    }

    private static UnaryOperator<PodSpec.Builder> one(String policy) {
        return s -> s.setRestartPolicy(policy).addContainers(Pods.container("c", "image", List.of()));
    }

    private static String condition(PodStatus status, String type) {
        PodCondition found = status.getConditionsList().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst()
                .orElseThrow();
        return (found.getStatus() + " " + found.getReason() + " " + found.getMessage()).strip();
    }

    @Test
    void phases() {
        record Case(String policy, State state, int exitCode, boolean ended, String phase) {}
        List<Case> cases = List.of(
                new Case("Always", State.RUNNING, 0, false, "Running"),
                new Case("Always", State.EXITED, 0, false, "Running"),
                new Case("Always", State.EXITED, 1, false, "Running"),
                new Case("Always", State.CREATED, 0, false, "Pending"),
                new Case("Never", State.EXITED, 0, false, "Running"),
                new Case("Never", State.EXITED, 0, true, "Succeeded"),
                new Case("Never", State.EXITED, 1, true, "Failed"),
                new Case("OnFailure", State.EXITED, 0, true, "Succeeded"),
                new Case("Always", State.EXITED, 0, true, "Succeeded"),
                new Case("Always", State.EXITED, 137, true, "Failed"));
        for (Case c : cases) {
            containers.clear();
            ended = c.ended();
            has("c", c.state(), c.exitCode());
            assertThat(compute(one(c.policy())).getPhase()).as(c.toString()).isEqualTo(c.phase());
        }
    }

    @Test
    void beforeAnythingRuns() {
        sandboxes.clear();
        PodStatus status = compute(one("Always"));
        assertThat(status.getPhase()).isEqualTo("Pending");
        assertThat(condition(status, "PodReadyToStartContainers")).isEqualTo("False");
        assertThat(condition(status, "Initialized")).isEqualTo("True");
        assertThat(condition(status, "Ready"))
                .isEqualTo("False ContainersNotReady containers with unready status: [c]");
        assertThat(condition(status, "ContainersReady"))
                .isEqualTo("False ContainersNotReady containers with unready status: [c]");
        assertThat(condition(status, "PodScheduled")).isEqualTo("True");
        ContainerStatus container = status.getContainerStatuses(0);
        assertThat(container.getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
        assertThat(container.getImage()).isEqualTo("image");
        assertThat(container.hasStarted()).isTrue();
        assertThat(status.getStartTime()).isEqualTo(Times.time(NOW));
    }

    @Test
    void runningAndReady() {
        has("c", State.RUNNING, 0);
        started = Set.of("c-0");
        ready = Set.of("c-0");
        PodStatus status = compute(one("Always"));
        assertThat(condition(status, "Ready")).isEqualTo("True");
        assertThat(status.getPodIP()).isEqualTo("10.0.0.2");
        assertThat(status.getHostIPs(0).getIp()).isEqualTo("10.90.0.2");
        assertThat(status.getContainerStatuses(0).getContainerID()).isEqualTo("containerd://c-0");
        assertThat(status.getContainerStatuses(0).getReady()).isTrue();
        assertThat(status.getObservedGeneration()).isEqualTo(1);
    }

    @Test
    void initContainersHoldBack() {
        has("i", State.RUNNING, 0);
        UnaryOperator<PodSpec.Builder> spec =
                s -> one("Always").apply(s).addInitContainers(Pods.container("i", "image", List.of()));
        PodStatus status = compute(spec);
        assertThat(status.getPhase()).isEqualTo("Pending");
        assertThat(condition(status, "Initialized"))
                .isEqualTo("False ContainersNotInitialized containers with incomplete status: [i]");
        assertThat(status.getContainerStatuses(0).getState().getWaiting().getReason())
                .isEqualTo("PodInitializing");
    }

    @Test
    void backOffShowsTheLastEnd() {
        has("c", State.EXITED, 1);
        waiting = Map.of("c", new Waiting("CrashLoopBackOff", "back-off 10s"));
        ContainerStatus container = compute(one("Always")).getContainerStatuses(0);
        assertThat(container.getState().getWaiting().getMessage()).isEqualTo("back-off 10s");
        assertThat(container.getLastState().getTerminated().getExitCode()).isEqualTo(1);
    }

    @Test
    void lastStateIsTheInstanceBefore() {
        has("c", State.RUNNING, 0).has("c", State.EXITED, 7);
        ContainerStatus container = compute(one("Always")).getContainerStatuses(0);
        assertThat(container.getLastState().getTerminated().getExitCode()).isEqualTo(7);
        assertThat(container.getLastState().getTerminated().getReason()).isEqualTo("Error");
    }

    @Test
    void completedAndFailedPods() {
        has("c", State.EXITED, 0);
        ended = true;
        sandboxes.clear();
        PodStatus succeeded = compute(one("Never"));
        assertThat(condition(succeeded, "Initialized")).isEqualTo("True PodCompleted");
        assertThat(condition(succeeded, "Ready")).isEqualTo("False PodCompleted");
        containers.clear();
        has("c", State.EXITED, 3);
        assertThat(condition(compute(one("Never")), "Ready")).isEqualTo("False PodFailed");
    }

    @Test
    void aTerminalPhaseStays() {
        has("c", State.RUNNING, 0);
        before = PodStatus.newBuilder().setPhase("Failed").setReason("Evicted").build();
        PodStatus status = compute(one("Always"));
        assertThat(status.getPhase()).isEqualTo("Failed");
        assertThat(status.getReason()).isEqualTo("Evicted");
    }

    @Test
    void theKubeletsFailureShowsWhenAllHasEnded() {
        has("c", State.RUNNING, 0);
        failure = new StatusInputs.Failure("DeadlineExceeded", "too long");
        assertThat(compute(one("Always")).getPhase()).isEqualTo("Running");
        containers.clear();
        has("c", State.EXITED, 0);
        ended = true;
        PodStatus status = compute(one("Always"));
        assertThat(status.getPhase()).isEqualTo("Failed");
        assertThat(status.getReason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void conditionsOfOthersAndTransitionTimesAreKept() {
        Instant old = NOW.minusSeconds(100);
        before = PodStatus.newBuilder()
                .addConditions(PodCondition.newBuilder().setType("Mine").setStatus("True"))
                .addConditions(PodCondition.newBuilder()
                        .setType("PodScheduled")
                        .setStatus("True")
                        .setLastTransitionTime(Times.time(old)))
                .build();
        PodStatus status = compute(one("Always"));
        assertThat(status.getConditions(0).getType()).isEqualTo("Mine");
        assertThat(status.getConditionsList())
                .filteredOn(c -> c.getType().equals("PodScheduled"))
                .extracting(PodCondition::getLastTransitionTime)
                .containsExactly(Times.time(old));
    }

    @Test
    void readinessGates() {
        has("c", State.RUNNING, 0);
        started = Set.of("c-0");
        ready = Set.of("c-0");
        UnaryOperator<PodSpec.Builder> spec = s -> one("Always")
                .apply(s)
                .addReadinessGates(PodReadinessGate.newBuilder().setConditionType("x/y"));
        assertThat(condition(compute(spec), "Ready"))
                .isEqualTo("False ReadinessGatesNotReady corresponding condition of pod readiness gate \"x/y\" does"
                        + " not exist.");
        assertThat(condition(compute(spec), "ContainersReady")).isEqualTo("True");
        before = PodStatus.newBuilder()
                .addConditions(PodCondition.newBuilder().setType("x/y").setStatus("True"))
                .build();
        assertThat(condition(compute(spec), "Ready")).isEqualTo("True");
    }

    @Test
    void qosClasses() {
        Quantity one = Quantity.newBuilder().setString("1").build();
        ResourceRequirements limits = ResourceRequirements.newBuilder()
                .putLimits("cpu", one)
                .putLimits("memory", one)
                .build();
        ResourceRequirements requests =
                ResourceRequirements.newBuilder().putRequests("cpu", one).build();
        assertThat(QosClasses.of(Pods.pod("p", one("Always")))).isEqualTo("BestEffort");
        assertThat(QosClasses.of(Pods.pod(
                        "p",
                        s -> s.addContainers(Pods.container("c", "i", List.of()).setResources(limits)))))
                .isEqualTo("Guaranteed");
        assertThat(QosClasses.of(Pods.pod(
                        "p",
                        s -> s.addContainers(Pods.container("c", "i", List.of()).setResources(requests)))))
                .isEqualTo("Burstable");
        assertThat(QosClasses.of(Pods.pod(
                        "p",
                        s -> s.addContainers(Pods.container("c", "i", List.of()).setResources(limits))
                                .addContainers(Pods.container("d", "i", List.of())))))
                .isEqualTo("Burstable");
    }
}
