package io.jollyboat.kubelet.probes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.runtime.Runtime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All probes of one pod. {@link #update} and {@link #stop} belong to the pod's loop; the answers may be read anywhere. */
public final class PodProbes {
    private final Prober prober;
    private final PodEvents events;
    private final Runtime runtime;
    private final Runnable changed;
    private final Map<String, Map<ProbeKind, ProbeWorker>> workers = new HashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Set<String> livenessFailed = ConcurrentHashMap.newKeySet();
    private final Set<String> startupFailed = ConcurrentHashMap.newKeySet();

    /** @param changed told after each change of an answer */
    public PodProbes(ContainerRuntime cri, PodEvents events, Runtime runtime, Runnable changed) {
        this.prober = new Prober(cri);
        this.events = events;
        this.runtime = runtime;
        this.changed = changed;
    }

    /** Ids of running containers that are past their start-up probe, if they have one. */
    public Set<String> started() {
        return Set.copyOf(started);
    }

    /** Ids of running containers that may get traffic. */
    public Set<String> ready() {
        return Set.copyOf(ready);
    }

    public Set<String> livenessFailed() {
        return Set.copyOf(livenessFailed);
    }

    public Set<String> startupFailed() {
        return Set.copyOf(startupFailed);
    }

    /**
     * Begins probes of containers that run now and ends those of containers that do not.
     *
     * @param podIp empty while there is none: only exec probes can run then
     */
    public void update(Pod pod, ObservedPod observed, String podIp) {
        Set<String> running = new HashSet<>();
        Specs.containers(pod).forEach(spec -> {
            Optional<ObservedContainer> latest = observed.latest(spec.getName()).filter(ObservedContainer::running);
            boolean probed = !Specs.isInit(pod, spec.getName()) || Specs.isSidecar(spec);
            latest.ifPresent(c -> {
                running.add(c.id());
                if (!workers.containsKey(c.id())) {
                    begin(pod, spec, c, podIp, probed);
                }
            });
        });
        for (String gone :
                workers.keySet().stream().filter(id -> !running.contains(id)).toList()) {
            workers.remove(gone).values().forEach(ProbeWorker::stop);
            started.remove(gone);
            ready.remove(gone);
            livenessFailed.remove(gone);
            startupFailed.remove(gone);
        }
    }

    /** While a pod ends only readiness is asked, as upstream does. */
    public void ending() {
        workers.values().forEach(kinds -> {
            Optional.ofNullable(kinds.remove(ProbeKind.LIVENESS)).ifPresent(ProbeWorker::stop);
            Optional.ofNullable(kinds.remove(ProbeKind.STARTUP)).ifPresent(ProbeWorker::stop);
        });
        livenessFailed.clear();
        startupFailed.clear();
    }

    public void stop() {
        workers.values().forEach(kinds -> kinds.values().forEach(ProbeWorker::stop));
        workers.clear();
    }

    private void begin(Pod pod, Container spec, ObservedContainer container, String podIp, boolean probed) {
        Map<ProbeKind, ProbeWorker> own = new EnumMap<>(ProbeKind.class);
        workers.put(container.id(), own);
        // A kubelet that starts anew takes the API's word for containers that it finds running.
        Optional<ContainerStatus> known = known(pod, container.id());
        boolean startedBefore = known.map(ContainerStatus::getStarted).orElse(false);
        if (startedBefore || !probed || !spec.hasStartupProbe()) {
            started.add(container.id());
        }
        if (!probed
                || !spec.hasReadinessProbe()
                || known.map(ContainerStatus::getReady).orElse(false)) {
            ready.add(container.id());
        }
        if (!probed) {
            return;
        }
        for (ProbeKind kind : ProbeKind.values()) {
            if (kind == ProbeKind.STARTUP && startedBefore) {
                continue;
            }
            kind.of(spec).ifPresent(probe -> {
                ProbeWorker worker = worker(kind, probe, pod, spec, container, podIp);
                own.put(kind, worker);
                worker.start();
            });
        }
    }

    private ProbeWorker worker(
            ProbeKind kind, Probe probe, Pod pod, Container spec, ObservedContainer container, String podIp) {
        String id = container.id();
        return new ProbeWorker(
                kind,
                probe,
                spec,
                id,
                podIp,
                container.startedAt(),
                prober,
                runtime,
                () -> kind == ProbeKind.STARTUP || started.contains(id),
                result -> events.warning(
                        pod,
                        Specs.fieldPath(pod, spec.getName()),
                        "Unhealthy",
                        kind.title() + " probe failed: " + result.output()),
                success -> {
                    if (set(kind, success).contains(id) != member(kind, success)) {
                        if (member(kind, success)) {
                            set(kind, success).add(id);
                        } else {
                            set(kind, success).remove(id);
                        }
                        changed.run();
                    }
                });
    }

    /** Where an answer is kept. */
    private Set<String> set(ProbeKind kind, boolean success) {
        return switch (kind) {
            case STARTUP -> success ? started : startupFailed;
            case LIVENESS -> livenessFailed;
            case READINESS -> ready;
        };
    }

    private static boolean member(ProbeKind kind, boolean success) {
        return switch (kind) {
            case STARTUP -> true;
            case LIVENESS -> !success;
            case READINESS -> success;
        };
    }

    private static Optional<ContainerStatus> known(Pod pod, String containerId) {
        return java.util.stream.Stream.concat(
                        pod.getStatus().getContainerStatusesList().stream(),
                        pod.getStatus().getInitContainerStatusesList().stream())
                .filter(s -> s.getContainerID().endsWith("://" + containerId)
                        && s.getState().hasRunning())
                .findFirst();
    }
}
