package io.jollyboat.scheduler.queue;

import io.jollyboat.scheduler.framework.PodInfo;
import java.util.Set;

/** A waiting pod and its history. Only the queue changes it. */
public final class QueuedPod {
    private PodInfo pod;
    private int attempts;
    private int unschedulableCount;
    private int errorCount;
    private Set<String> rejectedBy = Set.of();
    final long firstNanos;
    final long sequence;
    State state = State.OUT;
    // Since when it is where it is; pods of one priority take turns by it.
    long sinceNanos;
    long backOffEndNanos;

    enum State {
        /** With the scheduler, or not in the queue any more. */
        OUT,
        ACTIVE,
        BACK_OFF,
        UNSCHEDULABLE,
        /** Not to be tried until a PreEnqueue plugin lets it. */
        GATED
    }

    QueuedPod(PodInfo pod, long sequence, long nowNanos) {
        this.pod = pod;
        this.sequence = sequence;
        this.firstNanos = nowNanos;
        this.sinceNanos = nowNanos;
    }

    public PodInfo pod() {
        return pod;
    }

    /** How many attempts there were, the present one included. */
    public int attempts() {
        return attempts;
    }

    /** When it first came into the queue. */
    public long firstNanos() {
        return firstNanos;
    }

    Set<String> rejectedBy() {
        return rejectedBy;
    }

    int unschedulableCount() {
        return unschedulableCount;
    }

    int errorCount() {
        return errorCount;
    }

    void replace(PodInfo next) {
        pod = next;
    }

    void attempted() {
        attempts++;
    }

    void unschedulable(Set<String> plugins) {
        rejectedBy = Set.copyOf(plugins);
        unschedulableCount++;
        errorCount = 0;
    }

    void failed() {
        rejectedBy = Set.of();
        errorCount++;
    }

    void gated(String plugin) {
        rejectedBy = Set.of(plugin);
    }
}
