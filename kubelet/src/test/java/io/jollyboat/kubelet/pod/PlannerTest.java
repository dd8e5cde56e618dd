package io.jollyboat.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedContainer.State;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.testing.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObservedSandbox READY = new ObservedSandbox("s0", 0, true, 0, false, List.of("10.0.0.2"));

    private final List<Container> inits = new ArrayList<>();
    private final List<Container> mains = new ArrayList<>();
    private final List<ObservedSandbox> sandboxes = new ArrayList<>();
    private final List<ObservedContainer> containers = new ArrayList<>();
    private String policy = "Always";
    private boolean ending;
    private Set<String> killing = Set.of();
    private Set<String> livenessFailed = Set.of();
    private Set<String> started = Set.of();
    private Set<String> hooking = Set.of();
    private Duration backOff = Duration.ZERO;

    private static Container spec(String name) {
        return Pods.container(name, "image", List.of()).build();
    }

    private static Container sidecar(String name) {
        return spec(name).toBuilder().setRestartPolicy("Always").build();
    }

    /** The next older instance: they are listed newest first. */
    private PlannerTest has(String name, State state, int exitCode) {
        String id = name + "-" + containers.size();
        containers.add(new ObservedContainer(
                id, "s0", name, 0, state, NOW, NOW, NOW, exitCode, "", "", "image", "", Specs.hash(spec(name)), ""));
        return this;
    }

    private Plan plan() {
        Pod pod = Pods.pod(
                "p", s -> s.setRestartPolicy(policy).addAllInitContainers(inits).addAllContainers(mains));
        return Planner.plan(
                pod,
                new ObservedPod(sandboxes, containers),
                new Situation(
                        NOW, ending, killing, livenessFailed, Set.of(), started, hooking, (name, ended) -> backOff));
    }

    private static List<String> words(Plan plan) {
        return plan.actions().stream()
                .map(a -> switch (a) {
                    case Action.StopSandbox(String id) -> "stop sandbox " + id;
                    case Action.CreateSandbox(int attempt) -> "create sandbox " + attempt;
                    case Action.StartContainer s -> "start " + s.container().getName() + " " + s.restartCount();
                    case Action.KillContainer k -> "kill " + k.name() + " " + k.reason();
                })
                .toList();
    }

    @Test
    void newPodGetsItsSandbox() {
        mains.add(spec("c"));
        assertThat(words(plan())).containsExactly("create sandbox 0");
    }

    @Test
    void mainContainersStartTogether() {
        mains.addAll(List.of(spec("a"), spec("b")));
        sandboxes.add(READY);
        assertThat(words(plan())).containsExactly("start a 0", "start b 0");
    }

    @Test
    void whatRunsIsLeftAlone() {
        mains.add(spec("c"));
        sandboxes.add(READY);
        assertThat(words(has("c", State.RUNNING, 0).plan())).isEmpty();
    }

    @Test
    void initContainersComeOneByOne() {
        inits.addAll(List.of(spec("i"), spec("j")));
        mains.add(spec("c"));
        sandboxes.add(READY);
        assertThat(words(plan())).containsExactly("start i 0");
        has("i", State.RUNNING, 0);
        assertThat(words(plan())).isEmpty();
        containers.clear();
        assertThat(words(has("i", State.EXITED, 0).plan())).containsExactly("start j 0");
        assertThat(words(has("j", State.EXITED, 0).plan())).containsExactly("start c 0");
    }

    @Test
    void sidecarMustHaveStartedBeforeTheNext() {
        inits.addAll(List.of(sidecar("s"), spec("i")));
        mains.add(spec("c"));
        sandboxes.add(READY);
        assertThat(words(plan())).containsExactly("start s 0");
        has("s", State.RUNNING, 0);
        assertThat(words(plan())).isEmpty();
        started = Set.of("s-0");
        assertThat(words(plan())).containsExactly("start i 0");
    }

    @Test
    void sidecarIsRestartedBesideRunningContainers() {
        inits.add(sidecar("s"));
        mains.add(spec("c"));
        sandboxes.add(READY);
        has("s", State.EXITED, 0).has("c", State.RUNNING, 0);
        assertThat(words(plan())).containsExactly("start s 1");
    }

    @Test
    void restartPolicyDecides() {
        record Case(String policy, int exitCode, List<String> actions, Plan.Stage stage) {}
        List<String> restart = List.of("start c 1");
        List<String> stop = List.of("stop sandbox s0");
        List<Case> cases = List.of(
                new Case("Always", 0, restart, Plan.Stage.LIVE),
                new Case("Always", 1, restart, Plan.Stage.LIVE),
                new Case("OnFailure", 1, restart, Plan.Stage.LIVE),
                new Case("OnFailure", 0, stop, Plan.Stage.ENDING),
                new Case("Never", 0, stop, Plan.Stage.ENDING),
                new Case("Never", 1, stop, Plan.Stage.ENDING));
        mains.add(spec("c"));
        sandboxes.add(READY);
        for (Case c : cases) {
            policy = c.policy();
            containers.clear();
            Plan plan = has("c", State.EXITED, c.exitCode()).plan();
            assertThat(words(plan)).as(c.toString()).isEqualTo(c.actions());
            assertThat(plan.stage()).as(c.toString()).isEqualTo(c.stage());
        }
    }

    @Test
    void oneOfTwoEndedLeavesThePodAlive() {
        policy = "Never";
        mains.addAll(List.of(spec("a"), spec("b")));
        sandboxes.add(READY);
        Plan plan = has("a", State.EXITED, 0).has("b", State.RUNNING, 0).plan();
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.stage()).isEqualTo(Plan.Stage.LIVE);
    }

    @Test
    void failedInitEndsPodThatNeverRestarts() {
        policy = "Never";
        inits.add(spec("i"));
        mains.add(spec("c"));
        sandboxes.add(READY);
        assertThat(words(has("i", State.EXITED, 1).plan())).containsExactly("stop sandbox s0");
        policy = "OnFailure";
        assertThat(words(plan())).containsExactly("start i 1");
    }

    @Test
    void backOffIsWaitedFor() {
        mains.add(spec("c"));
        sandboxes.add(READY);
        backOff = Duration.ofSeconds(20);
        Plan plan = has("c", State.EXITED, 1).plan();
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.backedOff()).containsEntry("c", new Plan.BackOff(Duration.ofSeconds(20)));
        assertThat(plan.wakeAt()).isEqualTo(NOW.plusSeconds(20));
    }

    @Test
    void failedLivenessKillsOnce() {
        mains.add(spec("c"));
        sandboxes.add(READY);
        has("c", State.RUNNING, 0);
        livenessFailed = Set.of("c-0");
        assertThat(words(plan())).containsExactly("kill c LIVENESS_FAILED");
        killing = Set.of("c-0");
        assertThat(words(plan())).isEmpty();
    }

    @Test
    void changedImageRestarts() {
        mains.add(spec("c").toBuilder().setImage("other").build());
        sandboxes.add(READY);
        assertThat(words(has("c", State.RUNNING, 0).plan())).containsExactly("kill c SPEC_CHANGED");
    }

    @Test
    void runningPostStartHookHoldsBackWhatFollows() {
        mains.addAll(List.of(spec("a"), spec("b")));
        sandboxes.add(READY);
        has("a", State.RUNNING, 0);
        hooking = Set.of("a-0");
        assertThat(words(plan())).isEmpty();
        hooking = Set.of();
        assertThat(words(plan())).containsExactly("start b 0");
    }

    @Test
    void lostSandboxIsReplaced() {
        mains.add(spec("c"));
        sandboxes.add(new ObservedSandbox("s0", 4, false, 0, false, List.of()));
        has("c", State.RUNNING, 0);
        assertThat(words(plan())).containsExactly("kill c SANDBOX_CHANGED");
        containers.clear();
        assertThat(words(has("c", State.EXITED, 137).plan())).containsExactly("create sandbox 5");
    }

    @Test
    void lostSandboxOfAnEndedPodIsNot() {
        policy = "Never";
        mains.add(spec("c"));
        sandboxes.add(new ObservedSandbox("s0", 0, false, 0, false, List.of()));
        Plan plan = has("c", State.EXITED, 137).plan();
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.stage()).isEqualTo(Plan.Stage.ENDED);
    }

    @Test
    void endingGoesMainsThenSidecarsBackwardsThenSandbox() {
        ending = true;
        inits.addAll(List.of(sidecar("s"), sidecar("t")));
        mains.addAll(List.of(spec("a"), spec("b")));
        sandboxes.add(READY);
        has("s", State.RUNNING, 0).has("t", State.RUNNING, 0);
        has("a", State.RUNNING, 0).has("b", State.RUNNING, 0);
        assertThat(words(plan())).containsExactlyInAnyOrder("kill a POD_ENDS", "kill b POD_ENDS");
        containers.removeIf(c -> c.name().equals("a") || c.name().equals("b"));
        assertThat(words(plan())).containsExactly("kill t POD_ENDS");
        containers.removeIf(c -> c.name().equals("t"));
        assertThat(words(plan())).containsExactly("kill s POD_ENDS");
        containers.clear();
        assertThat(words(plan())).containsExactly("stop sandbox s0");
        sandboxes.clear();
        assertThat(plan().stage()).isEqualTo(Plan.Stage.ENDED);
    }

    @Test
    void unknownStateIsKilledFirst() {
        mains.add(spec("c"));
        sandboxes.add(READY);
        assertThat(words(has("c", State.UNKNOWN, 0).plan())).containsExactly("kill c UNKNOWN_STATE");
    }

    @Test
    void crashBackOffsDoubleAndForget() {
        CrashBackOffs backOffs = new CrashBackOffs();
        Instant end = NOW;
        assertThat(backOffs.delayAfter("c", end)).isZero();
        List<String> delays = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            backOffs.restarted("c", end, end);
            end = end.plusSeconds(1);
            delays.add(CrashBackOffs.text(backOffs.delayAfter("c", end)));
        }
        assertThat(delays).containsExactly("10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s");
        assertThat(backOffs.delayAfter("c", end.plusSeconds(601))).isZero();
    }
}
