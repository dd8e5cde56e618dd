package io.jollyboat.scheduler.cycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.client.ApiClient;
import io.jollyboat.events.SeriesEventRecorder;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.PermitPlugin;
import io.jollyboat.scheduler.framework.PermitResult;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.framework.ReservePlugin;
import io.jollyboat.scheduler.framework.WaitingPods;
import io.jollyboat.scheduler.queue.PodQueue;
import io.jollyboat.scheduler.queue.QueuedPod;
import io.jollyboat.scheduler.state.ClusterState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The scheduler's one thread. It owns the nodes, the placed pods and the waiting ones; all others only leave messages.
 * Between two attempts it reads all messages, so that each attempt sees the newest state and nothing changes during it.
 */
public final class SchedulingLoop implements AutoCloseable {
    private static final Log LOG = Log.of(SchedulingLoop.class);
    private static final int MAILBOX = 100_000;
    /** Pods on their way to the API server. */
    private static final int MAX_BINDING = 1_000;

    private final Profile profile;
    private final Runtime runtime;
    private final ClusterState cluster = new ClusterState();
    private final PodQueue queue;
    private final NodeSearch search;
    private final Binder binder;
    private final FailureReporter reporter;
    private final SchedulerMetrics metrics;
    private final List<ReservePlugin> reservers;
    private final List<PermitPlugin> permitters;
    private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>(MAILBOX);

    private Thread thread;
    private volatile boolean closed;
    private volatile boolean leading;
    // The thread's own.
    private boolean synced;
    private int binding;
    private Timer alarm;

    public SchedulingLoop(
            Profile profile, ApiClient client, SeriesEventRecorder events, Runtime runtime, Metrics metrics) {
        this.profile = profile;
        this.runtime = runtime;
        this.queue = new PodQueue(profile, runtime::nanoTime);
        this.search = new NodeSearch(profile, cluster, runtime.random());
        this.binder = new Binder(profile, events, runtime, () -> leading, this::post);
        this.reporter = new FailureReporter(client, events, runtime);
        this.metrics = new SchedulerMetrics(metrics, profile.schedulerName());
        this.reservers = profile.at(ReservePlugin.class);
        this.permitters = profile.at(PermitPlugin.class);
    }

    public synchronized void start() {
        thread = runtime.start("scheduler", this::run);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** For an informer. */
    public void nodeChanged(Node before, Node after) {
        post(new Message.NodeChanged(before, after));
    }

    /** For an informer. */
    public void podChanged(Pod before, Pod after) {
        post(new Message.PodChanged(before, after));
    }

    /** All that was there at the start has been told. */
    public void synced() {
        post(new Message.Synced());
    }

    /** Places and binds pods only while leading; at once when told, whatever else it does. */
    public void leading(boolean yes) {
        leading = yes;
        post(new Message.Tick());
    }

    /** For Permit plugins. */
    public WaitingPods waitingPods() {
        return binder;
    }

    private void post(Message message) {
        try {
            mailbox.put(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
                    handle(message);
                }
                boolean placing = synced && leading && binding < MAX_BINDING;
                QueuedPod next = placing ? queue.poll() : null;
                if (next != null) {
                    attempt(next);
                } else {
                    metrics.pending(queue);
                    setAlarm(placing);
                    handle(mailbox.take());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("scheduler closed");
        }
    }

    /** Time matters only to one who may place pods; another would wake for nothing, again and again. */
    private void setAlarm(boolean placing) {
        if (alarm != null) {
            alarm.cancel();
        }
        OptionalLong wake = placing ? queue.nextWakeNanos() : OptionalLong.empty();
        alarm = wake.isEmpty()
                ? null
                : runtime.schedule(
                        Duration.ofNanos(Math.max(0, wake.getAsLong() - runtime.nanoTime())),
                        () -> post(new Message.Tick()));
    }

    private void handle(Message message) {
        try {
            switch (message) {
                case Message.NodeChanged(Node before, Node after) -> node(before, after);
                case Message.PodChanged(Pod before, Pod after) -> pod(before, after);
                case Message.Bound bound -> bound(bound);
                case Message.NotBound failed -> notBound(failed);
                case Message.Synced _ -> synced = true;
                case Message.Tick _ -> queue.flushOld();
            }
        } catch (RuntimeException e) {
            // One odd object must not stop the scheduling of all others.
            LOG.error("message not handled", e, "kind", message.getClass().getSimpleName());
        }
    }

    private void node(Node before, Node after) {
        if (after == null) {
            cluster.removeNode(before.getMetadata().getName());
            queue.onEvent(new ClusterEvent.NodeDeleted(before));
        } else if (before == null) {
            cluster.putNode(after);
            queue.onEvent(new ClusterEvent.NodeAdded(after));
        } else if (NodeChanges.concernScheduling(before, after)) {
            cluster.putNode(after);
            queue.onEvent(new ClusterEvent.NodeUpdated(before, after));
        }
    }

    private void pod(Pod before, Pod after) {
        if (before != null
                && after != null
                && !before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
            // Deleted and made again while the watch was broken.
            gone(before.getMetadata().getUid());
        }
        Pod pod = after == null ? before : after;
        if (after == null || isTerminal(after)) {
            gone(pod.getMetadata().getUid());
        } else if (!after.getSpec().getNodeName().isEmpty()) {
            placed(new PodInfo(after));
        } else if (after.getSpec().getSchedulerName().equals(profile.schedulerName())) {
            waits(after);
        }
    }

    private void waits(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (pod.getMetadata().hasDeletionTimestamp()) {
            queue.remove(uid);
        } else if (queue.contains(uid) || !cluster.isPlaced(uid)) {
            queue.put(new PodInfo(pod));
        }
    }

    private void placed(PodInfo pod) {
        queue.remove(pod.uid());
        var counted = cluster.putPod(pod);
        if (counted.isEmpty() || counted.get().nodeName().isEmpty()) {
            queue.onEvent(new ClusterEvent.PodPlaced(pod));
        } else if (!counted.get().requests().equals(pod.requests())
                || !counted.get()
                        .pod()
                        .getMetadata()
                        .getLabelsMap()
                        .equals(pod.pod().getMetadata().getLabelsMap())) {
            queue.onEvent(new ClusterEvent.PlacedPodUpdated(counted.get(), pod));
        }
    }

    private void gone(String uid) {
        queue.remove(uid);
        binder.drop(uid);
        cluster.removePod(uid).ifPresent(p -> queue.onEvent(new ClusterEvent.PodRemoved(p)));
    }

    private static boolean isTerminal(Pod pod) {
        String phase = pod.getStatus().getPhase();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private void attempt(QueuedPod queued) {
        long start = runtime.nanoTime();
        Attempt attempt = search.search(queued.pod());
        String result = switch (attempt) {
            case Attempt.Placed placed -> place(queued, placed) ? "scheduled" : "unschedulable";
            case Attempt.NoFit noFit -> {
                unschedulable(queued, noFit.diagnosis().rejectingPlugins(), noFit.message());
                yield "unschedulable";
            }
            case Attempt.NoNodes _ -> {
                unschedulable(queued, Set.of(), "no nodes available to schedule pods");
                yield "unschedulable";
            }
            case Attempt.Broken(String reason) -> {
                failed(queued, reason);
                yield "error";
            }
        };
        metrics.attempted(result, runtime.nanoTime() - start);
    }

    /** False when a plugin had second thoughts. */
    private boolean place(QueuedPod queued, Attempt.Placed placed) {
        PodInfo pod = queued.pod();
        String node = placed.nodeName();
        cluster.assume(pod, node);
        for (ReservePlugin plugin : reservers) {
            FilterResult result = reserve(plugin, placed.state(), pod, node);
            if (!(result instanceof FilterResult.Fits)) {
                takeBack(placed.state(), pod, node);
                rejected(queued, plugin.name(), result);
                return false;
            }
        }
        Map<String, PermitResult.Wait> waits = new LinkedHashMap<>();
        for (PermitPlugin plugin : permitters) {
            switch (permit(plugin, placed.state(), pod, node)) {
                case PermitResult.Allowed _ -> {}
                case PermitResult.Wait wait -> waits.put(plugin.name(), wait);
                case PermitResult.Denied(String reason) -> {
                    takeBack(placed.state(), pod, node);
                    rejected(queued, plugin.name(), FilterResult.resolvable(reason));
                    return false;
                }
            }
        }
        LOG.debug("pod placed", "key", pod.key(), "node", node, "evaluated", placed.evaluated());
        binding++;
        binder.bind(queued, placed.state(), node, waits);
        return true;
    }

    private static FilterResult reserve(ReservePlugin plugin, CycleState state, PodInfo pod, String node) {
        try {
            return plugin.reserve(state, pod, node);
        } catch (RuntimeException e) {
            LOG.error("plugin failed", e, "plugin", plugin.name(), "key", pod.key());
            return new FilterResult.Failed("plugin " + plugin.name() + " failed: " + e);
        }
    }

    private static PermitResult permit(PermitPlugin plugin, CycleState state, PodInfo pod, String node) {
        try {
            return plugin.permit(state, pod, node);
        } catch (RuntimeException e) {
            LOG.error("plugin failed", e, "plugin", plugin.name(), "key", pod.key());
            return new PermitResult.Denied("plugin " + plugin.name() + " failed: " + e);
        }
    }

    private void takeBack(CycleState state, PodInfo pod, String node) {
        for (ReservePlugin plugin : reservers.reversed()) {
            plugin.unreserve(state, pod, node);
        }
        if (cluster.forget(pod.uid())) {
            queue.onEvent(new ClusterEvent.PodRemoved(pod));
        }
    }

    private void rejected(QueuedPod queued, String plugin, FilterResult result) {
        switch (result) {
            case FilterResult.Fits _ -> throw new IllegalArgumentException("not rejected");
            case FilterResult.Unschedulable(List<String> reasons, boolean _) ->
                unschedulable(
                        queued, Set.of(plugin), "0/1 nodes are available: 1 " + String.join(", 1 ", reasons) + ".");
            case FilterResult.Failed(String reason) -> failed(queued, reason);
        }
    }

    private void unschedulable(QueuedPod queued, Set<String> plugins, String message) {
        LOG.debug("pod fits nowhere", "key", queued.pod().key(), "why", message);
        queue.unschedulable(queued, plugins);
        reporter.report(queued.pod(), "Unschedulable", message);
    }

    private void failed(QueuedPod queued, String message) {
        LOG.warn("attempt failed, will retry", "key", queued.pod().key(), "why", message);
        queue.failed(queued);
        reporter.report(queued.pod(), "SchedulerError", message);
    }

    private void bound(Message.Bound bound) {
        binding--;
        queue.placed(bound.pod());
        metrics.bound(bound.pod().attempts(), runtime.nanoTime() - bound.pod().firstNanos());
    }

    private void notBound(Message.NotBound failure) {
        binding--;
        QueuedPod queued = failure.pod();
        boolean stillWaits = queue.contains(queued.pod().uid());
        takeBack(failure.state(), queued.pod(), failure.nodeName());
        if (!stillWaits) {
            return; // deleted, or placed by another hand
        }
        if (failure.rejectedBy() == null) {
            failed(queued, failure.reason());
        } else {
            rejected(queued, failure.rejectedBy(), FilterResult.resolvable(failure.reason()));
        }
    }
}
