package io.jollyboat.scheduler.queue;

import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.Plugin;
import io.jollyboat.scheduler.framework.Plugin.Hint;
import io.jollyboat.scheduler.framework.PodClassKey;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreEnqueuePlugin;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.framework.QueueSortPlugin;
import io.jollyboat.scheduler.queue.QueuedPod.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The waiting pods. A rejected pod stays until an event comes of which a plugin that rejected it says that it may help,
 * or for five minutes; after each attempt it is held back for one second, then two, up to ten.
 */
public final class PodQueue {
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration MAX_UNSCHEDULABLE = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private final List<PreEnqueuePlugin> gates;
    private final Map<String, Plugin> plugins = new HashMap<>();
    private final Map<String, QueuedPod> all = new HashMap<>();
    private final TreeSet<QueuedPod> active;
    private final TreeSet<QueuedPod> backOff = new TreeSet<>(
            Comparator.<QueuedPod>comparingLong(p -> p.backOffEndNanos).thenComparingLong(p -> p.sequence));
    // In the order of their rejection.
    private final Map<String, QueuedPod> unschedulable = new LinkedHashMap<>();
    private long sequence;

    public PodQueue(Profile profile, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.gates = profile.at(PreEnqueuePlugin.class);
        profile.plugins().forEach(p -> plugins.put(p.name(), p));
        QueueSortPlugin sort = profile.queueSort();
        this.active = new TreeSet<>((a, b) -> {
            int order = sort.compare(a.pod(), b.pod());
            order = order != 0 ? order : Long.compare(a.sinceNanos, b.sinceNanos);
            return order != 0 ? order : Long.compare(a.sequence, b.sequence);
        });
    }

    /** A new pod, or a new state of a waiting one. */
    public void put(PodInfo pod) {
        QueuedPod queued = all.get(pod.uid());
        if (queued == null) {
            queued = new QueuedPod(pod, sequence++, nanoTime.getAsLong());
            all.put(pod.uid(), queued);
            activate(queued);
        } else {
            update(queued, pod);
        }
    }

    /** The pod waits no more: it is gone, or has its place. */
    public void remove(String uid) {
        QueuedPod queued = all.remove(uid);
        if (queued != null) {
            takeOut(queued);
        }
    }

    public boolean contains(String uid) {
        return all.containsKey(uid);
    }

    /** The next pod to try, or null; it is the caller's until one of the next three methods. */
    public QueuedPod poll() {
        wakeBackedOff();
        QueuedPod next = active.pollFirst();
        if (next != null) {
            next.state = State.OUT;
            next.attempted();
        }
        return next;
    }

    /** The pod was given a node. */
    public void placed(QueuedPod queued) {
        all.remove(queued.pod().uid(), queued);
    }

    /** The pod fits nowhere; these plugins said so. None: any event may help. */
    public void unschedulable(QueuedPod queued, Set<String> rejectedBy) {
        if (!returned(queued)) {
            return;
        }
        queued.unschedulable(rejectedBy);
        moveToUnschedulable(queued, State.UNSCHEDULABLE);
    }

    /** The attempt failed for another reason; it is repeated after a while. */
    public void failed(QueuedPod queued) {
        if (!returned(queued)) {
            return;
        }
        queued.failed();
        queued.sinceNanos = nanoTime.getAsLong();
        holdBack(queued);
    }

    /** Moves the pods that the event may help. */
    public void onEvent(ClusterEvent event) {
        if (unschedulable.isEmpty()) {
            return;
        }
        // Pods of one class that the same plugins rejected get the same answer.
        Map<Question, Hint> answers = new HashMap<>();
        for (QueuedPod queued : new ArrayList<>(unschedulable.values())) {
            if (queued.state == State.GATED) {
                continue;
            }
            Hint hint = queued.rejectedBy().isEmpty()
                    ? Hint.QUEUE
                    : answers.computeIfAbsent(
                            new Question(queued.pod().classKey(true), queued.rejectedBy()),
                            q -> ask(event, queued.pod(), q.plugins));
            if (hint == Hint.QUEUE) {
                release(queued);
            }
        }
    }

    /** Gives those a chance that have waited for five minutes. */
    public void flushOld() {
        long now = nanoTime.getAsLong();
        for (QueuedPod queued : new ArrayList<>(unschedulable.values())) {
            if (queued.state == State.UNSCHEDULABLE && now - queued.sinceNanos > MAX_UNSCHEDULABLE.toNanos()) {
                release(queued);
            }
        }
    }

    /** When {@link #poll} or {@link #flushOld} should next be called though nothing happens. */
    public OptionalLong nextWakeNanos() {
        long next = Long.MAX_VALUE;
        if (!backOff.isEmpty()) {
            next = backOff.first().backOffEndNanos;
        }
        for (QueuedPod queued : unschedulable.values()) {
            if (queued.state == State.UNSCHEDULABLE) {
                // They stand in the order of their time: the first is the oldest.
                next = Math.min(next, queued.sinceNanos + MAX_UNSCHEDULABLE.toNanos() + 1);
                break;
            }
        }
        return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
    }

    public int activeCount() {
        return active.size();
    }

    public int backOffCount() {
        return backOff.size();
    }

    /** Gated pods included. */
    public int unschedulableCount() {
        return unschedulable.size();
    }

    private void update(QueuedPod queued, PodInfo next) {
        PodInfo before = queued.pod();
        State state = queued.state;
        takeOut(queued);
        queued.replace(next);
        queued.state = state;
        switch (state) {
            case OUT -> {}
            case ACTIVE -> activate(queued);
            case BACK_OFF -> backOff.add(queued);
            case GATED -> activate(queued);
            case UNSCHEDULABLE -> {
                unschedulable.put(next.uid(), queued);
                if (concernsScheduling(before, next)
                        && (queued.rejectedBy().isEmpty()
                                || ask(new ClusterEvent.WaitingPodUpdated(before, next), next, queued.rejectedBy())
                                        == Hint.QUEUE)) {
                    release(queued);
                }
            }
        }
    }

    /** The scheduler's own note in the status must not bring the pod back at once. */
    private static boolean concernsScheduling(PodInfo before, PodInfo next) {
        return !before.classKey(true).equals(next.classKey(true))
                || !before.pod()
                        .getMetadata()
                        .getLabelsMap()
                        .equals(next.pod().getMetadata().getLabelsMap())
                || before.priority() != next.priority();
    }

    private Hint ask(ClusterEvent event, PodInfo pod, Set<String> names) {
        for (String name : names) {
            Plugin plugin = plugins.get(name);
            if (plugin == null || plugin.hint(event, pod) == Hint.QUEUE) {
                return Hint.QUEUE;
            }
        }
        return Hint.SKIP;
    }

    /** To the active pods, unless a gate is closed. */
    private void activate(QueuedPod queued) {
        for (PreEnqueuePlugin gate : gates) {
            if (gate.gate(queued.pod()).isPresent()) {
                queued.gated(gate.name());
                moveToUnschedulable(queued, State.GATED);
                return;
            }
        }
        queued.state = State.ACTIVE;
        active.add(queued);
    }

    private void release(QueuedPod queued) {
        unschedulable.remove(queued.pod().uid());
        holdBack(queued);
    }

    /** Until the pause after its last attempt is over. */
    private void holdBack(QueuedPod queued) {
        queued.backOffEndNanos = queued.sinceNanos + pause(queued).toNanos();
        if (queued.backOffEndNanos - nanoTime.getAsLong() <= 0) {
            activate(queued);
        } else {
            queued.state = State.BACK_OFF;
            backOff.add(queued);
        }
    }

    private static Duration pause(QueuedPod queued) {
        int count = queued.errorCount() > 0 ? queued.errorCount() : queued.unschedulableCount();
        if (count == 0) {
            return Duration.ZERO;
        }
        Duration doubled = FIRST_BACK_OFF.multipliedBy(1L << Math.min(count - 1, 20));
        return doubled.compareTo(MAX_BACK_OFF) < 0 ? doubled : MAX_BACK_OFF;
    }

    private void wakeBackedOff() {
        long now = nanoTime.getAsLong();
        while (!backOff.isEmpty() && backOff.first().backOffEndNanos - now <= 0) {
            activate(backOff.pollFirst());
        }
    }

    /** False when the pod was removed while it was out. */
    private boolean returned(QueuedPod queued) {
        QueuedPod known = all.get(queued.pod().uid());
        if (known == null) {
            return false;
        }
        if (!known.equals(queued)) {
            throw new IllegalStateException("pod " + queued.pod() + " is in the queue twice");
        }
        return true;
    }

    private void moveToUnschedulable(QueuedPod queued, State state) {
        queued.sinceNanos = nanoTime.getAsLong();
        queued.state = state;
        unschedulable.put(queued.pod().uid(), queued);
    }

    private void takeOut(QueuedPod queued) {
        switch (queued.state) {
            case OUT -> {}
            case ACTIVE -> active.remove(queued);
            case BACK_OFF -> backOff.remove(queued);
            case UNSCHEDULABLE, GATED -> unschedulable.remove(queued.pod().uid());
        }
        queued.state = State.OUT;
    }

    private record Question(PodClassKey pods, Set<String> plugins) {}
}
