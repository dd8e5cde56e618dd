package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodIP;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.probes.PodProbes;
import io.jollyboat.kubelet.status.PodStatuses;
import io.jollyboat.kubelet.status.StatusInputs;
import io.jollyboat.kubelet.status.StatusWriter;
import io.jollyboat.kubelet.status.Waiting;
import io.jollyboat.log.Log;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Takes one pod from what the runtime holds of it to what is asked for, a step at a time. */
final class PodStepper {
    private static final Log LOG = Log.of(PodStepper.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final int MAX_ROUNDS = 50;
    private static final Duration FIRST_LOOK = Duration.ofMillis(3);
    private static final int MAX_LOOKS = 10;

    private final NodeParts parts;
    private final PodRegistry registry;
    private final Runnable poke;
    private final PodObserver observer;
    private final StatusWriter writer;
    private final PodProbes probes;
    private final ContainerKiller killer;
    private final ActionRunner actions;
    private final VolumeKeeper volumes;
    private final Map<String, Integer> suspects = new ConcurrentHashMap<>();
    private volatile Pod pod;
    private volatile boolean removed;
    private volatile StatusInputs.Failure failure;
    private volatile ObservedPod observed = ObservedPod.NOTHING;
    /** Nothing runs, volumes and control groups are gone. */
    private boolean released;

    private boolean purged;
    private Instant firstStep;
    private CompletableFuture<Boolean> finalStatus;

    PodStepper(Pod pod, NodeParts parts, PodRegistry registry, Runnable poke) {
        this.pod = pod;
        this.parts = parts;
        this.registry = registry;
        this.poke = poke;
        this.observer = new PodObserver(pod.getMetadata().getUid(), parts.cri(), new TerminationMessages());
        this.writer = new StatusWriter(parts.client(), parts.runtime(), pod);
        this.probes = new PodProbes(parts.cri(), parts.events(), parts.runtime(), poke);
        this.actions = new ActionRunner(parts, poke, made -> registry.owns(PodId.of(pod), made));
        this.killer = actions.killer();
        this.volumes = new VolumeKeeper(parts);
    }

    Pod pod() {
        return pod;
    }

    ObservedPod observed() {
        return observed;
    }

    /** Answers whether anything changed that a step depends on. */
    boolean desired(Pod now) {
        Pod before = pod;
        pod = now;
        writer.saw(now);
        boolean changed = before.getMetadata().getGeneration()
                        != now.getMetadata().getGeneration()
                || before.getMetadata().hasDeletionTimestamp()
                        != now.getMetadata().hasDeletionTimestamp()
                || before.getMetadata().getDeletionGracePeriodSeconds()
                        != now.getMetadata().getDeletionGracePeriodSeconds()
                || !before.getMetadata().getLabelsMap().equals(now.getMetadata().getLabelsMap())
                || !before.getMetadata()
                        .getAnnotationsMap()
                        .equals(now.getMetadata().getAnnotationsMap())
                || !before.getSpec().equals(now.getSpec());
        if (changed) {
            objectChanged();
        }
        return changed || now.getSpec().getReadinessGatesCount() > 0;
    }

    void removed() {
        removed = true;
    }

    void objectChanged() {
        volumes.renew();
        actions.retryNow();
    }

    void suspect(String id) {
        suspects.put(id, 0);
    }

    void fail(String reason, String message) {
        if (failure == null) {
            failure = new StatusInputs.Failure(reason, message);
        }
    }

    void close() {
        probes.stop();
    }

    /** Answers when to step again though nothing happens; null for never. */
    Instant step() {
        if (purged) {
            return null;
        }
        if (released) {
            afterEnd();
            return null;
        }
        Pod now = pod;
        Instant deadline = checkDeadline(now);
        Set<Instant> wakes = new HashSet<>();
        look();
        if (writer.last().getPhase().isEmpty() || !writer.last().hasStartTime()) {
            var _ = publish(now, Map.of(), false);
        }
        for (int round = 0; round < MAX_ROUNDS; round++) {
            probes.update(now, observed, podIp(now));
            Plan plan = Planner.plan(now, observed, situation(now));
            if (plan.stage() != Plan.Stage.LIVE) {
                probes.ending();
                killer.shorten(Specs.gracePeriod(now));
            }
            if (plan.stage() == Plan.Stage.ENDED) {
                release(now);
                return null;
            }
            Effects effects = act(now, plan, wakes);
            if (effects.none()) {
                Map<String, Plan.BackOff> backedOff = plan.backedOff();
                actions.tellBackOffs(now, backedOff, observed);
                if (plan.wakeAt() != null) {
                    wakes.add(plan.wakeAt());
                }
                if (plan.stage() == Plan.Stage.LIVE || !observed.live().isEmpty()) {
                    var _ = publish(now, backedOff, false);
                }
                break;
            }
            look(effects);
            if (plan.stage() == Plan.Stage.LIVE && !effects.onlySandbox()) {
                probes.update(now, observed, podIp(now));
                var _ = publish(now, plan.backedOff(), false);
            }
        }
        lookAgainAtSuspects(wakes);
        if (deadline != null) {
            wakes.add(deadline);
        }
        return wakes.stream().min(Instant::compareTo).orElse(null);
    }

    /** Containers wait for the pod's volumes; so does the sandbox, where somebody else could have them fail. */
    private Effects act(Pod now, Plan plan, Set<Instant> wakes) {
        PodStatus status = statusWithAddress(now);
        if (plan.stage() != Plan.Stage.LIVE) {
            return actions.run(now, plan, observed, status, wakes);
        }
        if (plan.createsSandbox() && VolumeKeeper.onlyOurs(now)) {
            Runnable made = volumes.begin(now, status);
            try {
                return actions.run(now, plan, observed, status, wakes);
            } finally {
                made.run();
            }
        }
        return volumes.ready(now, status, wakes) ? actions.run(now, plan, observed, status, wakes) : new Effects();
    }

    private void look() {
        observed = observer.observe();
        registry.observed(PodId.of(pod), observed);
    }

    private void look(Effects effects) {
        observed = effects.known() ? observer.observe(observed, effects) : observer.observe();
        registry.observed(PodId.of(pod), observed);
    }

    /** The runtime tells of an end a little before its lists show it. */
    private void lookAgainAtSuspects(Set<Instant> wakes) {
        for (String id : List.copyOf(suspects.keySet())) {
            boolean stillThere = observed.live().stream().anyMatch(c -> c.id().equals(id))
                    || observed.sandboxes().stream().anyMatch(s -> s.ready() && s.id().equals(id));
            int looks = suspects.getOrDefault(id, 0);
            if (!stillThere || looks >= MAX_LOOKS) {
                suspects.remove(id);
            } else {
                suspects.put(id, looks + 1);
                wakes.add(parts.runtime().now().plus(FIRST_LOOK.multipliedBy(1L << looks)));
            }
        }
    }

    private Situation situation(Pod now) {
        Set<String> started = new HashSet<>(probes.started());
        started.removeAll(actions.hooking());
        return new Situation(
                parts.runtime().now(),
                isEnding(now),
                killer.killing(),
                probes.livenessFailed(),
                probes.startupFailed(),
                started,
                actions.hooking(),
                actions.backOffs());
    }

    private boolean isEnding(Pod now) {
        return removed
                || failure != null
                || now.getMetadata().hasDeletionTimestamp()
                || PodStatuses.isTerminal(writer.last().getPhase());
    }

    /** Answers when the pod's time is over; null when it has no limit, or is over already. */
    private Instant checkDeadline(Pod now) {
        if (firstStep == null) {
            firstStep = parts.runtime().now();
        }
        if (!now.getSpec().hasActiveDeadlineSeconds() || failure != null) {
            return null;
        }
        Instant began =
                writer.last().hasStartTime() ? Times.instant(writer.last().getStartTime()) : firstStep;
        Instant end = began.plusSeconds(now.getSpec().getActiveDeadlineSeconds());
        if (parts.runtime().now().isBefore(end)) {
            return end;
        }
        String message = "Pod was active on the node longer than the specified deadline";
        fail("DeadlineExceeded", message);
        parts.events().normal(now, "", "DeadlineExceeded", message);
        return null;
    }

    private CompletableFuture<Boolean> publish(Pod now, Map<String, Plan.BackOff> backedOff, boolean ended) {
        if (removed) {
            return CompletableFuture.completedFuture(false);
        }
        Map<String, Waiting> waiting = new HashMap<>(actions.failures());
        backedOff.forEach((name, backOff) -> waiting.put(
                name,
                new Waiting(
                        "CrashLoopBackOff",
                        "back-off " + CrashBackOffs.text(backOff.delay()) + " restarting failed container=" + name
                                + " pod=" + PodId.of(now))));
        StatusInputs inputs = new StatusInputs(
                parts.runtime().now(),
                parts.nodeIp(),
                parts.runtimeName(),
                waiting,
                probes.started(),
                actions.hooking(),
                probes.ready(),
                ended,
                failure);
        ObservedPod seen = observed;
        return writer.submit(before -> PodStatuses.compute(now, before, seen, inputs));
    }

    /** Everything that the pod held on this host is given back; then the API hears of its end. */
    private void release(Pod now) {
        probes.stop();
        parts.volumes().tearDown(now.getMetadata().getUid());
        parts.cgroups().remove(now.getMetadata().getUid());
        parts.objects().release(now);
        released = true;
        finalStatus = PodStatuses.isTerminal(writer.last().getPhase())
                ? CompletableFuture.completedFuture(true)
                : publish(now, Map.of(), true);
        var _ = finalStatus.thenRun(poke);
    }

    private void afterEnd() {
        Pod now = pod;
        if (removed) {
            purge(now);
        } else if (now.getMetadata().hasDeletionTimestamp() && finalStatus.isDone()) {
            deleteFromApi(now);
        }
    }

    private void deleteFromApi(Pod now) {
        try {
            parts.client()
                    .delete(
                            PODS,
                            PODS.key(now),
                            DeleteOptions.newBuilder()
                                    .setGracePeriodSeconds(0)
                                    .setPreconditions(Preconditions.newBuilder()
                                            .setUid(now.getMetadata().getUid()))
                                    .build());
        } catch (ApiException e) {
            // Gone, or another incarnation in its place; what else is wrong is tried again.
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private void purge(Pod now) {
        for (ObservedSandbox sandbox : observed.sandboxes()) {
            parts.cri().removePodSandbox(sandbox.id());
        }
        for (ObservedContainer container : observed.containers()) {
            parts.cri().removeContainer(container.id());
        }
        if (parts.onHost()) {
            LogFolders.delete(parts.paths().logs(PodId.of(now)));
        }
        parts.images().forget(now.getMetadata().getUid());
        purged = true;
        registry.purged(PodId.of(now));
        LOG.debug("pod purged", "key", PodId.of(now).key());
    }

    private String podIp(Pod now) {
        return statusWithAddress(now).getPodIP();
    }

    /** What the downward API shows of the status. */
    private PodStatus statusWithAddress(Pod now) {
        List<String> ips = now.getSpec().getHostNetwork()
                ? List.of(parts.nodeIp())
                : observed.readySandbox().map(ObservedSandbox::ips).orElse(List.of());
        PodStatus.Builder status = PodStatus.newBuilder().setHostIP(parts.nodeIp());
        if (!ips.isEmpty()) {
            status.setPodIP(ips.getFirst());
            ips.forEach(ip -> status.addPodIPs(PodIP.newBuilder().setIp(ip)));
        }
        return status.build();
    }
}
