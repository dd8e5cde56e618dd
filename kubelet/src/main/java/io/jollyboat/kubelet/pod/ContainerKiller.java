package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.lifecycle.Hooks;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends containers of one pod beside its loop: preStop hook, stop signal, and SIGKILL when the grace period is over. */
final class ContainerKiller {
    private static final Log LOG = Log.of(ContainerKiller.class);
    /** What is left for the stop signal after a long preStop hook, as upstream has it. */
    private static final Duration MINIMUM = Duration.ofSeconds(2);

    private final ContainerRuntime cri;
    private final Hooks hooks;
    private final PodEvents events;
    private final Runtime runtime;
    private final Runnable done;
    private final Map<String, Kill> kills = new ConcurrentHashMap<>();

    private record Kill(Instant deadline) {}

    /** @param done told when a kill has ended, well or not */
    ContainerKiller(ContainerRuntime cri, Hooks hooks, PodEvents events, Runtime runtime, Runnable done) {
        this.cri = cri;
        this.hooks = hooks;
        this.events = events;
        this.runtime = runtime;
        this.done = done;
    }

    /** Ids of containers that are being killed. */
    Set<String> killing() {
        return Set.copyOf(kills.keySet());
    }

    /** @param runHook false where the pod is not known any more, or never came to life */
    void kill(Pod pod, Action.KillContainer action, Duration grace, String podIp, boolean runHook) {
        events.normal(pod, Specs.fieldPath(pod, action.name()), "Killing", action.message());
        kills.put(action.containerId(), new Kill(runtime.now().plus(grace)));
        runtime.start("kill " + action.name(), () -> {
            try {
                Duration left = runHook ? preStop(pod, action, grace, podIp) : grace;
                cri.stopContainer(action.containerId(), left);
            } catch (CriException e) {
                LOG.warn(
                        "cannot stop container",
                        "key",
                        PodId.of(pod),
                        "container",
                        action.name(),
                        "error",
                        e.rpcText());
                pause();
            } finally {
                kills.remove(action.containerId());
                done.run();
            }
        });
    }

    /** The pod has less time than it had: those under way are cut short. */
    void shorten(Duration grace) {
        Instant deadline = runtime.now().plus(grace);
        kills.forEach((id, kill) -> {
            if (deadline.isBefore(kill.deadline()) && kills.replace(id, kill, new Kill(deadline))) {
                runtime.start("kill sooner", () -> {
                    try {
                        cri.stopContainer(id, grace);
                    } catch (CriException e) {
                        LOG.warn("cannot stop container sooner", "container", id, "error", e.rpcText());
                    }
                });
            }
        });
    }

    /** Answers what is left of the grace period. */
    private Duration preStop(Pod pod, Action.KillContainer action, Duration grace, String podIp) {
        Optional<Container> spec =
                Specs.container(pod, action.name()).filter(c -> c.getLifecycle().hasPreStop());
        if (spec.isEmpty()) {
            return grace;
        }
        long began = runtime.nanoTime();
        try {
            hooks.run(
                    PodId.of(pod),
                    spec.get(),
                    action.containerId(),
                    spec.get().getLifecycle().getPreStop(),
                    podIp,
                    grace);
        } catch (Hooks.HookException e) {
            LOG.info("preStop hook failed", "key", PodId.of(pod), "container", action.name(), "error", e.getMessage());
            events.warning(pod, Specs.fieldPath(pod, action.name()), "FailedPreStopHook", "PreStopHook failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Duration left = grace.minusNanos(runtime.nanoTime() - began);
        return left.compareTo(MINIMUM) > 0 ? left : MINIMUM;
    }

    private void pause() {
        try {
            runtime.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
