package io.jollyboat.controllers.replicaset;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pods are worth least: not assigned, not running, not ready, cheap by their own word, crowded, ready for the
 * shortest time, often restarted, young; in this order. Ages count by their magnitude only, so that pods of about one age
 * are picked at random.
 */
final class DeletionRanking {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private DeletionRanking() {}

    static List<Pod> first(List<Pod> pods, Collection<Pod> related, int count, Instant now) {
        if (count >= pods.size()) {
            return List.copyOf(pods);
        }
        Map<String, Integer> onNode = new HashMap<>();
        for (Pod pod : related) {
            if (Pods.isActive(pod)) {
                onNode.merge(pod.getSpec().getNodeName(), 1, Integer::sum);
            }
        }
        return pods.stream().sorted(order(onNode, now)).limit(count).toList();
    }

    private static Comparator<Pod> order(Map<String, Integer> onNode, Instant now) {
        return Comparator.comparing((Pod pod) -> !pod.getSpec().getNodeName().isEmpty())
                .thenComparingInt(DeletionRanking::phase)
                .thenComparing(Pods::isReady)
                .thenComparingInt(DeletionRanking::cost)
                .thenComparingInt(pod -> -onNode.getOrDefault(pod.getSpec().getNodeName(), 0))
                .thenComparing((a, b) ->
                        Pods.isReady(a) && Pods.isReady(b) ? compareAges(a, b, readySince(a), readySince(b), now) : 0)
                .thenComparingInt(pod -> -restarts(pod, false))
                .thenComparingInt(pod -> -restarts(pod, true))
                .thenComparing((a, b) -> compareAges(
                        a,
                        b,
                        a.getMetadata().getCreationTimestamp(),
                        b.getMetadata().getCreationTimestamp(),
                        now));
    }

    private static int phase(Pod pod) {
        return switch (pod.getStatus().getPhase()) {
            case "Unknown" -> 1;
            case "Running" -> 2;
            default -> 0;
        };
    }

    private static int cost(Pod pod) {
        String text = pod.getMetadata().getAnnotationsOrDefault(COST, "0");
        try {
            // A value that validation would refuse counts as none.
            return text.startsWith("+") || (text.length() > 1 && text.startsWith("0")) ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Time readySince(Pod pod) {
        return Pods.condition(pod.getStatus(), "Ready")
                .map(PodCondition::getLastTransitionTime)
                .orElse(Time.getDefaultInstance());
    }

    /** Younger first; of one magnitude, by uid, which is random. */
    private static int compareAges(Pod a, Pod b, Time ta, Time tb, Instant now) {
        if (ta.getSeconds() == tb.getSeconds()) {
            return 0;
        }
        if (Times.isZero(ta) || Times.isZero(tb)) {
            return Times.isZero(ta) ? -1 : 1;
        }
        int magnitude = Integer.compare(magnitude(ta, now), magnitude(tb, now));
        return magnitude != 0
                ? magnitude
                : a.getMetadata().getUid().compareTo(b.getMetadata().getUid());
    }

    private static int magnitude(Time time, Instant now) {
        long nanos = Duration.between(Times.instant(time), now).toNanos();
        return nanos <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(nanos);
    }

    private static int restarts(Pod pod, boolean sidecars) {
        List<ContainerStatus> statuses = sidecars
                ? pod.getStatus().getInitContainerStatusesList()
                : pod.getStatus().getContainerStatusesList();
        Set<String> sidecarNames = new HashSet<>();
        for (Container container : pod.getSpec().getInitContainersList()) {
            if (container.getRestartPolicy().equals("Always")) {
                sidecarNames.add(container.getName());
            }
        }
        return statuses.stream()
                .filter(status -> !sidecars || sidecarNames.contains(status.getName()))
                .mapToInt(ContainerStatus::getRestartCount)
                .max()
                .orElse(0);
    }
}
