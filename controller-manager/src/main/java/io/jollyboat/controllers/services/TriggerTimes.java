package io.jollyboat.controllers.services;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.kinds.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the change was that an endpoint update answers: the earliest of those not seen before. It goes into an annotation,
 * from which the network measures how long it took.
 */
public final class TriggerTimes {
    private final Map<ObjectKey, Seen> seen = new ConcurrentHashMap<>();

    /** Empty when nothing new was the cause. */
    public Optional<Time> next(Service service, Collection<Pod> pods) {
        Map<String, Long> readiness = new HashMap<>();
        for (Pod pod : pods) {
            long changed = Pods.condition(pod.getStatus(), "Ready")
                    .map(PodCondition::getLastTransitionTime)
                    .map(Time::getSeconds)
                    .orElse(0L);
            if (changed != 0) {
                readiness.put(pod.getMetadata().getName(), changed);
            }
        }
        long created = service.getMetadata().getCreationTimestamp().getSeconds();
        Seen before = seen.put(Types.SERVICES.key(service), new Seen(created, readiness));
        if (before == null) {
            return time(created);
        }
        long earliest = created > before.created ? created : Long.MAX_VALUE;
        for (Map.Entry<String, Long> e : readiness.entrySet()) {
            if (e.getValue() > before.readiness.getOrDefault(e.getKey(), 0L)) {
                earliest = Math.min(earliest, e.getValue());
            }
        }
        return earliest == Long.MAX_VALUE ? Optional.empty() : time(earliest);
    }

    public void forget(ObjectKey service) {
        seen.remove(service);
    }

    private static Optional<Time> time(long seconds) {
        return seconds == 0
                ? Optional.empty()
                : Optional.of(Time.newBuilder().setSeconds(seconds).build());
    }

    private record Seen(long created, Map<String, Long> readiness) {}
}
