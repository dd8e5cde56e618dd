package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.pod.Action.KillReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides the next steps of one pod. Pure: the same arguments give the same plan. */
public final class Planner {
    private final Pod pod;
    private final ObservedPod observed;
    private final Situation situation;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Plan.BackOff> backedOff = new LinkedHashMap<>();
    private Instant wakeAt;

    private Planner(Pod pod, ObservedPod observed, Situation situation) {
        this.pod = pod;
        this.observed = observed;
        this.situation = situation;
    }

    public static Plan plan(Pod pod, ObservedPod observed, Situation situation) {
        return new Planner(pod, observed, situation).plan();
    }

    private Plan plan() {
        if (situation.ending() || PodEnds.hasEnded(pod, observed)) {
            return end();
        }
        Optional<ObservedSandbox> sandbox = observed.readySandbox()
                .filter(s -> s.hostNetwork() == pod.getSpec().getHostNetwork());
        if (sandbox.isEmpty()) {
            planSandbox();
        } else {
            planContainers(sandbox.get());
        }
        return new Plan(List.copyOf(actions), Map.copyOf(backedOff), wakeAt, Plan.Stage.LIVE);
    }

    /** Main containers first; then the sidecars, last one first; then the sandbox. */
    private Plan end() {
        List<ObservedContainer> live = observed.live();
        List<ObservedContainer> now =
                live.stream().filter(c -> !isSidecar(c.name())).toList();
        if (now.isEmpty() && !live.isEmpty()) {
            List<Container> inits = pod.getSpec().getInitContainersList();
            now = inits.reversed().stream()
                    .flatMap(spec -> live.stream().filter(c -> c.name().equals(spec.getName())))
                    .limit(1)
                    .toList();
        }
        now.forEach(c -> kill(c, KillReason.POD_ENDS, "Stopping container " + c.name()));
        Plan.Stage stage = Plan.Stage.ENDING;
        if (live.isEmpty()) {
            List<ObservedSandbox> ready =
                    observed.sandboxes().stream().filter(ObservedSandbox::ready).toList();
            ready.forEach(s -> actions.add(new Action.StopSandbox(s.id())));
            stage = ready.isEmpty() ? Plan.Stage.ENDED : Plan.Stage.ENDING;
        }
        return new Plan(List.copyOf(actions), Map.of(), null, stage);
    }

    private void planSandbox() {
        for (ObservedContainer live : observed.live()) {
            kill(live, KillReason.SANDBOX_CHANGED, "Pod sandbox changed, it will be killed and re-created.");
        }
        if (!observed.live().isEmpty()) {
            return;
        }
        observed.sandboxes().stream()
                .filter(ObservedSandbox::ready)
                .forEach(s -> actions.add(new Action.StopSandbox(s.id())));
        int attempt = observed.sandboxes().stream()
                        .mapToInt(ObservedSandbox::attempt)
                        .max()
                        .orElse(-1)
                + 1;
        actions.add(new Action.CreateSandbox(attempt));
    }

    private void planContainers(ObservedSandbox sandbox) {
        observed.sandboxes().stream()
                .skip(1)
                .filter(ObservedSandbox::ready)
                .forEach(s -> actions.add(new Action.StopSandbox(s.id())));
        planEphemeral();
        boolean mainsBegan = pod.getSpec().getContainersList().stream()
                .anyMatch(c -> observed.latestIn(sandbox.id(), c.getName()).isPresent());
        for (Container init : pod.getSpec().getInitContainersList()) {
            Optional<ObservedContainer> latest = observed.latestIn(sandbox.id(), init.getName());
            boolean goOn = Specs.isSidecar(init) ? planSidecar(init, latest) : mainsBegan || planInit(init, latest);
            if (!goOn && !mainsBegan) {
                return;
            }
        }
        for (Container main : pod.getSpec().getContainersList()) {
            Optional<ObservedContainer> latest = observed.latestIn(sandbox.id(), main.getName());
            planMain(main, latest);
            if (latest.filter(c -> situation.hooking().contains(c.id())).isPresent()) {
                return;
            }
        }
    }

    /** Each is started once, however far the others are. */
    private void planEphemeral() {
        List<EphemeralContainer> asked = pod.getSpec().getEphemeralContainersList();
        List<Container> specs = Specs.ephemeral(pod);
        for (int i = 0; i < asked.size(); i++) {
            Container spec = specs.get(i);
            if (observed.latest(spec.getName()).isEmpty()) {
                actions.add(new Action.StartContainer(
                        spec, 0, false, target(asked.get(i).getTargetContainerName())));
            }
        }
    }

    private Action.Target target(String name) {
        return name.isEmpty()
                ? null
                : new Action.Target(
                        name, observed.latest(name).map(ObservedContainer::id).orElse(""));
    }

    /** Answers whether the next container may start. */
    private boolean planInit(Container init, Optional<ObservedContainer> latest) {
        if (latest.isEmpty()) {
            start(init, true);
            return false;
        }
        return switch (latest.get().state()) {
            case RUNNING -> false;
            case UNKNOWN -> {
                kill(latest.get(), KillReason.UNKNOWN_STATE, unknownState(init));
                yield false;
            }
            case CREATED -> {
                start(init, true);
                yield false;
            }
            case EXITED -> {
                if (latest.get().exitCode() == 0) {
                    yield true;
                }
                startAfterBackOff(init, true);
                yield false;
            }
        };
    }

    private boolean planSidecar(Container sidecar, Optional<ObservedContainer> latest) {
        if (latest.isPresent() && latest.get().running()) {
            keepOrKill(sidecar, latest.get());
            return situation.started().contains(latest.get().id());
        }
        if (latest.isPresent() && latest.get().state() == ObservedContainer.State.UNKNOWN) {
            kill(latest.get(), KillReason.UNKNOWN_STATE, unknownState(sidecar));
        } else {
            startAfterBackOff(sidecar, true);
        }
        return false;
    }

    private void planMain(Container main, Optional<ObservedContainer> latest) {
        if (latest.isPresent() && latest.get().running()) {
            keepOrKill(main, latest.get());
        } else if (latest.isPresent() && latest.get().state() == ObservedContainer.State.UNKNOWN) {
            kill(latest.get(), KillReason.UNKNOWN_STATE, unknownState(main));
        } else if (PodEnds.mayStart(pod, main, observed)) {
            startAfterBackOff(main, false);
        }
    }

    private void keepOrKill(Container spec, ObservedContainer running) {
        if (!running.hash().equals(Specs.hash(spec))) {
            kill(
                    running,
                    KillReason.SPEC_CHANGED,
                    "Container " + spec.getName() + " definition changed, will be restarted");
        } else if (situation.livenessFailed().contains(running.id())) {
            kill(
                    running,
                    KillReason.LIVENESS_FAILED,
                    "Container " + spec.getName() + " failed liveness probe, will be restarted",
                    Specs.probeGrace(spec.getLivenessProbe()));
        } else if (situation.startupFailed().contains(running.id())) {
            kill(
                    running,
                    KillReason.STARTUP_FAILED,
                    "Container " + spec.getName() + " failed startup probe, will be restarted",
                    Specs.probeGrace(spec.getStartupProbe()));
        }
    }

    private void startAfterBackOff(Container spec, boolean init) {
        Optional<ObservedContainer> last = observed.latest(spec.getName()).filter(ObservedContainer::exited);
        if (last.isPresent()) {
            Duration delay = situation.backOff().apply(spec.getName(), last.get());
            Instant ready = last.get().finishedAt().plus(delay);
            if (!delay.isZero() && ready.isAfter(situation.now())) {
                backedOff.put(spec.getName(), new Plan.BackOff(delay));
                wakeAt = wakeAt == null || ready.isBefore(wakeAt) ? ready : wakeAt;
                return;
            }
        }
        start(spec, init);
    }

    private void start(Container spec, boolean init) {
        int count =
                observed.latest(spec.getName()).map(c -> c.restartCount() + 1).orElse(0);
        actions.add(new Action.StartContainer(spec, count, init));
    }

    private void kill(ObservedContainer container, KillReason reason, String message) {
        kill(container, reason, message, null);
    }

    private void kill(ObservedContainer container, KillReason reason, String message, Duration grace) {
        if (!situation.killing().contains(container.id())) {
            actions.add(new Action.KillContainer(container.id(), container.name(), reason, message, grace));
        }
    }

    private static String unknownState(Container spec) {
        return "Container " + spec.getName() + " is in unknown state, try killing it before restart";
    }

    private boolean isSidecar(String name) {
        return pod.getSpec().getInitContainersList().stream()
                .anyMatch(c -> c.getName().equals(name) && Specs.isSidecar(c));
    }
}
