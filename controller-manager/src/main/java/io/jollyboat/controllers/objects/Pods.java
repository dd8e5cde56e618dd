package io.jollyboat.controllers.objects;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What state a pod is in, in the terms that controllers decide by. */
public final class Pods {
    private Pods() {}

    public static Optional<PodCondition> condition(PodStatus status, String type) {
        for (PodCondition condition : status.getConditionsList()) {
            if (condition.getType().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    public static boolean isReady(Pod pod) {
        return condition(pod.getStatus(), "Ready")
                .map(c -> c.getStatus().equals("True"))
                .orElse(false);
    }

    /** Ready for the given time at least. */
    public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
        Optional<PodCondition> ready = condition(pod.getStatus(), "Ready");
        if (ready.isEmpty() || !ready.get().getStatus().equals("True")) {
            return false;
        }
        if (minReadySeconds == 0) {
            return true;
        }
        Time since = ready.get().getLastTransitionTime();
        return !Times.isZero(since)
                && !Times.instant(since).plusSeconds(minReadySeconds).isAfter(now);
    }

    /** How long until the pod becomes available by the passing of time alone; empty when it will not or is. */
    public static Optional<Duration> availableIn(Pod pod, int minReadySeconds, Instant now) {
        if (minReadySeconds <= 0 || !isReady(pod)) {
            return Optional.empty();
        }
        PodCondition ready = condition(pod.getStatus(), "Ready").orElseThrow();
        if (Times.isZero(ready.getLastTransitionTime())) {
            return Optional.empty();
        }
        Duration left = Duration.between(
                now, Times.instant(ready.getLastTransitionTime()).plusSeconds(minReadySeconds));
        return left.isPositive() ? Optional.of(left) : Optional.empty();
    }

    /** Succeeded or failed: it will not run again. */
    public static boolean isTerminal(Pod pod) {
        String phase = pod.getStatus().getPhase();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Runs or will run, and is not being deleted. */
    public static boolean isActive(Pod pod) {
        return !isTerminal(pod) && !pod.getMetadata().hasDeletionTimestamp();
    }

    public static boolean isTerminating(Pod pod) {
        return !isTerminal(pod) && pod.getMetadata().hasDeletionTimestamp();
    }
}
