package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.quantity.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod asks of its node: all containers and sidecars together, or the greediest init container with the sidecars
 * started before it if that is more; what the pod asks for as a whole goes first; the overhead comes on top.
 */
final class PodRequests {
    private static final long DEFAULT_MILLI_CPU = 100;
    private static final long DEFAULT_MEMORY = 200L << 20;

    private final Pod pod;
    private final boolean nonZero;

    private PodRequests(Pod pod, boolean nonZero) {
        this.pod = pod;
        this.nonZero = nonZero;
    }

    static ResourceVector of(Pod pod) {
        return new PodRequests(pod, false).total();
    }

    /** A container that asks for no CPU or memory counted with a little, that such pods spread too. */
    static ResourceVector nonZero(Pod pod) {
        return new PodRequests(pod, true).total();
    }

    private ResourceVector total() {
        PodSpec spec = pod.getSpec();
        ResourceVector running = ResourceVector.ZERO;
        for (Container container : spec.getContainersList()) {
            running = running.plus(of(container, pod.getStatus().getContainerStatusesList(), true));
        }
        ResourceVector sidecars = ResourceVector.ZERO;
        ResourceVector starting = ResourceVector.ZERO;
        for (Container container : spec.getInitContainersList()) {
            boolean sidecar = container.getRestartPolicy().equals("Always");
            ResourceVector own = of(container, pod.getStatus().getInitContainerStatusesList(), sidecar);
            if (sidecar) {
                running = running.plus(own);
                sidecars = sidecars.plus(own);
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(own.plus(sidecars));
            }
        }
        return withPodLevel(running.max(starting), spec.getResources().getRequestsMap())
                .plus(ResourceVector.of(spec.getOverheadMap()));
    }

    private ResourceVector of(Container container, List<ContainerStatus> statuses, boolean resizable) {
        Map<String, Quantity> asked = container.getResources().getRequestsMap();
        ResourceVector amount = ResourceVector.of(asked);
        if (resizable) {
            amount = resized(container.getName(), amount, statuses);
        }
        if (!nonZero) {
            return amount;
        }
        return new ResourceVector(
                asked.containsKey("cpu") ? amount.milliCpu() : Math.max(amount.milliCpu(), DEFAULT_MILLI_CPU),
                asked.containsKey("memory") ? amount.memory() : Math.max(amount.memory(), DEFAULT_MEMORY),
                amount.ephemeralStorage(),
                0,
                amount.scalars());
    }

    /** While a container is resized in place, both what it has and what it shall have are taken. */
    private ResourceVector resized(String name, ResourceVector asked, List<ContainerStatus> statuses) {
        for (ContainerStatus status : statuses) {
            if (status.getName().equals(name) && status.hasResources()) {
                ResourceVector has = ResourceVector.of(status.getResources().getRequestsMap())
                        .max(ResourceVector.of(status.getAllocatedResourcesMap()));
                return resizeInfeasible() ? has : has.max(asked);
            }
        }
        return asked;
    }

    private boolean resizeInfeasible() {
        return pod.getStatus().getConditionsList().stream()
                .anyMatch(c ->
                        c.getType().equals("PodResizePending") && c.getReason().equals("Infeasible"));
    }

    private static ResourceVector withPodLevel(ResourceVector amount, Map<String, Quantity> podLevel) {
        if (podLevel.isEmpty()) {
            return amount;
        }
        ResourceVector whole = ResourceVector.of(podLevel);
        Map<String, Long> scalars = new HashMap<>(amount.scalars());
        whole.scalars().forEach((name, value) -> {
            if (name.startsWith("hugepages-")) {
                scalars.put(name, value);
            }
        });
        return new ResourceVector(
                podLevel.containsKey("cpu") ? whole.milliCpu() : amount.milliCpu(),
                podLevel.containsKey("memory") ? whole.memory() : amount.memory(),
                amount.ephemeralStorage(),
                0,
                scalars);
    }
}
