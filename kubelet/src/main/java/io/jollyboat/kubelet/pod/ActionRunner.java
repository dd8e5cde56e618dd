package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.lifecycle.Hooks;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.status.Waiting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Carries out one pod's plans, and remembers what did not work. Owned by the pod's loop, but for the hooks' ends. */
final class ActionRunner {
    private static final Duration SANDBOX_RETRY = Duration.ofSeconds(2);
    private static final Duration MAX_SANDBOX_RETRY = Duration.ofSeconds(30);

    private final NodeParts parts;
    private final Runnable poke;
    private final Consumer<String> made;
    private final Hooks hooks;
    private final ContainerKiller killer;
    private final ContainerStarter starter;
    private final SandboxConfigs sandboxes;
    private final CrashBackOffs crashes = new CrashBackOffs();
    private final Map<String, Waiting> failures = new ConcurrentHashMap<>();
    private final Map<String, Instant> retryAt = new ConcurrentHashMap<>();
    private final Set<String> hooking = ConcurrentHashMap.newKeySet();
    /** Ends that were followed by an attempt to restart, or told of as backed off: container ids by name. */
    private final Map<String, String> restartedAfter = new HashMap<>();

    private final Set<String> toldBackOff = new HashSet<>();
    private Duration sandboxRetry = SANDBOX_RETRY;
    private volatile Instant sandboxRetryAt = Instant.EPOCH;
    /** Null until it is made, or found again. */
    private String cgroup;

    /** @param made hears the id of each sandbox and container as soon as it has one */
    ActionRunner(NodeParts parts, Runnable poke, Consumer<String> made) {
        this.parts = parts;
        this.poke = poke;
        this.made = made;
        this.hooks = new Hooks(parts.cri(), parts.runtime());
        this.killer = new ContainerKiller(parts.cri(), hooks, parts.events(), parts.runtime(), poke);
        this.sandboxes = new SandboxConfigs(parts.paths(), parts.dns(), parts.clusterDomain());
        ContainerConfigs configs = new ContainerConfigs(
                parts.paths(),
                parts.environments(),
                parts.volumes(),
                parts.clusterDomain(),
                parts.memoryCapacity(),
                parts.runtime(),
                parts.onHost());
        this.starter = new ContainerStarter(parts.cri(), parts.images(), configs, parts.events(), made);
    }

    ContainerKiller killer() {
        return killer;
    }

    Set<String> hooking() {
        return Set.copyOf(hooking);
    }

    /** Why containers do not start, by name. */
    Map<String, Waiting> failures() {
        return Map.copyOf(failures);
    }

    BiFunction<String, ObservedContainer, Duration> backOffs() {
        return (name, ended) -> ended.id().equals(restartedAfter.get(name))
                ? Duration.ZERO
                : crashes.delayAfter(name, ended.finishedAt());
    }

    /** Something changed: what failed may work now. */
    void retryNow() {
        retryAt.clear();
        sandboxRetryAt = Instant.EPOCH;
    }

    /**
     * Answers what the runtime holds that is new; where there is something, a new plan is due at once.
     *
     * @param wakes gets the times at which to try again
     */
    Effects run(Pod pod, Plan plan, ObservedPod observed, PodStatus status, Set<Instant> wakes) {
        Effects effects = new Effects();
        for (Action action : plan.actions()) {
            switch (action) {
                case Action.StopSandbox(String sandboxId) -> {
                    parts.cri().stopPodSandbox(sandboxId);
                    effects.unclear();
                }
                case Action.CreateSandbox(int attempt) -> createSandbox(pod, attempt, observed, wakes, effects);
                case Action.StartContainer start -> start(pod, start, observed, status, wakes, effects);
                case Action.KillContainer kill -> {
                    boolean known = !pod.getSpec().getContainersList().isEmpty();
                    Duration grace = kill.grace() == null ? Specs.gracePeriod(pod) : kill.grace();
                    killer.kill(pod, kill, grace, status.getPodIP(), known);
                }
            }
        }
        return effects;
    }

    /** Tells once per end that a container waits for its restart. */
    void tellBackOffs(Pod pod, Map<String, Plan.BackOff> backedOff, ObservedPod observed) {
        for (String name : backedOff.keySet()) {
            String ended = observed.latest(name).map(ObservedContainer::id).orElse("");
            if (toldBackOff.add(ended)) {
                parts.events()
                        .warning(
                                pod,
                                Specs.fieldPath(pod, name),
                                "BackOff",
                                "Back-off restarting failed container " + name + " in pod " + PodId.of(pod));
            }
        }
    }

    private void createSandbox(Pod pod, int attempt, ObservedPod observed, Set<Instant> wakes, Effects effects) {
        Instant now = parts.runtime().now();
        if (now.isBefore(sandboxRetryAt)) {
            wakes.add(sandboxRetryAt);
            return;
        }
        try {
            cgroup = null;
            PodSandboxConfig config = sandboxConfig(pod, attempt);
            String id = parts.cri().runPodSandbox(config, pod.getSpec().getRuntimeClassName());
            made.accept(id);
            sandboxRetry = SANDBOX_RETRY;
            if (observed.sandboxes().isEmpty()) {
                effects.ran(id);
            } else {
                removeOldSandboxes(observed);
                effects.unclear();
            }
            if (attempt > 0) {
                parts.events()
                        .normal(pod, "", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            }
            return;
        } catch (CriException e) {
            sandboxFailed(pod, e.rpcText());
        } catch (UncheckedIOException | IllegalArgumentException e) {
            sandboxFailed(pod, e.getMessage());
        }
        sandboxRetryAt = now.plus(sandboxRetry);
        sandboxRetry = sandboxRetry.multipliedBy(2).compareTo(MAX_SANDBOX_RETRY) < 0
                ? sandboxRetry.multipliedBy(2)
                : MAX_SANDBOX_RETRY;
        wakes.add(sandboxRetryAt);
    }

    private void sandboxFailed(Pod pod, String message) {
        parts.events().warning(pod, "", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + message);
    }

    /** The last one is kept beside the new one: its containers' logs may yet be asked for. */
    private void removeOldSandboxes(ObservedPod observed) {
        observed.sandboxes().stream()
                .skip(1)
                .filter(s -> !s.ready())
                .forEach(s -> parts.cri().removePodSandbox(s.id()));
    }

    private PodSandboxConfig sandboxConfig(Pod pod, int attempt) {
        if (cgroup == null) {
            cgroup = parts.cgroups().create(pod);
        }
        return sandboxes.of(pod, attempt, cgroup);
    }

    private void start(
            Pod pod,
            Action.StartContainer action,
            ObservedPod observed,
            PodStatus status,
            Set<Instant> wakes,
            Effects effects) {
        Container spec = action.container();
        String name = spec.getName();
        Instant now = parts.runtime().now();
        Instant notBefore = retryAt.get(name);
        if (notBefore != null && now.isBefore(notBefore)) {
            wakes.add(notBefore);
            return;
        }
        retryAt.remove(name);
        List<ObservedContainer> before = observed.instances(name);
        before.stream()
                .findFirst()
                .filter(last -> last.exited() && !last.id().equals(restartedAfter.put(name, last.id())))
                .ifPresent(last -> crashes.restarted(name, last.finishedAt(), now));
        ObservedSandbox sandbox = observed.readySandbox().orElseThrow();
        PodSandboxConfig config = sandboxConfig(pod, sandbox.attempt());
        switch (starter.start(pod, action, sandbox.id(), config, status, poke)) {
            case StartResult.Pulling() -> {}
            case StartResult.Failed(Waiting waiting, Duration again) -> {
                failures.put(name, waiting);
                if (again == null) {
                    effects.unclear();
                } else {
                    retryAt.put(name, now.plus(again));
                    wakes.add(now.plus(again));
                }
            }
            case StartResult.Started(String id) -> {
                failures.remove(name);
                before.stream().skip(1).forEach(old -> parts.cri().removeContainer(old.id()));
                if (spec.getLifecycle().hasPostStart()) {
                    runPostStart(pod, spec, id, status.getPodIP());
                }
                if (before.isEmpty()) {
                    effects.started(id);
                } else {
                    effects.unclear();
                }
            }
        }
    }

    private void runPostStart(Pod pod, Container spec, String containerId, String podIp) {
        hooking.add(containerId);
        parts.runtime().start("postStart " + spec.getName(), () -> {
            try {
                hooks.run(PodId.of(pod), spec, containerId, spec.getLifecycle().getPostStart(), podIp, Duration.ZERO);
            } catch (Hooks.HookException e) {
                failures.put(spec.getName(), new Waiting("PostStartHookError", e.getMessage()));
                parts.events()
                        .warning(
                                pod,
                                Specs.fieldPath(pod, spec.getName()),
                                "FailedPostStartHook",
                                "PostStartHook failed");
                killer.kill(
                        pod,
                        new Action.KillContainer(
                                containerId,
                                spec.getName(),
                                Action.KillReason.POST_START_FAILED,
                                "FailedPostStartHook",
                                null),
                        Specs.gracePeriod(pod),
                        podIp,
                        true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                hooking.remove(containerId);
                poke.run();
            }
        });
    }
}
