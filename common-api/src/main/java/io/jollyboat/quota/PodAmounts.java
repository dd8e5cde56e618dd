package io.jollyboat.quota;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What a pod asks for in all: its containers and sidecars together, or the greediest init container with the sidecars
 * started before it where that is more; what is asked for the pod as a whole goes first.
 */
public final class PodAmounts {
    private PodAmounts() {}

    /** By the spec alone, without overhead, as LimitRanges look at it. */
    public static Map<String, Quantity> specRequests(Pod pod) {
        Map<String, Quantity> sum = sum(
                pod.getSpec(), (container, sidecar) -> container.getResources().getRequestsMap());
        override(sum, pod.getSpec().getResources().getRequestsMap(), PodAmounts::isPodLevel);
        return sum;
    }

    /** As {@link #specRequests}. */
    public static Map<String, Quantity> specLimits(Pod pod) {
        Map<String, Quantity> sum = sum(
                pod.getSpec(), (container, sidecar) -> container.getResources().getLimitsMap());
        override(sum, pod.getSpec().getResources().getLimitsMap(), PodAmounts::isPodLevel);
        return sum;
    }

    /** With overhead; of a container that is resized in place, what it has counts as long as that is more. */
    static Map<String, Quantity> requests(Pod pod) {
        boolean infeasible = resizeInfeasible(pod);
        Map<String, Quantity> sum = sum(pod.getSpec(), (container, running) -> {
            Map<String, Quantity> asked = container.getResources().getRequestsMap();
            ContainerStatus status = running ? status(pod, container.getName()) : null;
            if (status == null || !status.hasResources()) {
                return asked;
            }
            Map<String, Quantity> has = new HashMap<>(status.getResources().getRequestsMap());
            raise(has, status.getAllocatedResourcesMap());
            if (!infeasible) {
                raise(has, asked);
            }
            return has;
        });
        override(sum, pod.getSpec().getResources().getRequestsMap(), PodAmounts::isPodLevelOrPages);
        add(sum, pod.getSpec().getOverheadMap());
        return sum;
    }

    /** As {@link #requests}; overhead counts where there is a limit. */
    static Map<String, Quantity> limits(Pod pod) {
        boolean infeasible = resizeInfeasible(pod);
        Map<String, Quantity> sum = sum(pod.getSpec(), (container, running) -> {
            Map<String, Quantity> asked = container.getResources().getLimitsMap();
            ContainerStatus status = running ? status(pod, container.getName()) : null;
            if (status == null || !status.hasResources()) {
                return asked;
            }
            Map<String, Quantity> has = new HashMap<>(status.getResources().getLimitsMap());
            if (!infeasible) {
                raise(has, asked);
            }
            return has;
        });
        override(sum, pod.getSpec().getResources().getLimitsMap(), PodAmounts::isPodLevelOrPages);
        pod.getSpec().getOverheadMap().forEach((name, amount) -> {
            Quantity limit = sum.get(name);
            if (limit != null && !Quantities.isZero(limit)) {
                sum.put(name, Quantities.add(limit, amount));
            }
        });
        return sum;
    }

    private static boolean isPodLevel(String name) {
        return name.equals("cpu") || name.equals("memory");
    }

    private static boolean isPodLevelOrPages(String name) {
        return isPodLevel(name) || name.startsWith("hugepages-");
    }

    /** Whether amounts are asked for the pod as a whole, which its containers then need not name. */
    static boolean asksAsWhole(Pod pod) {
        ResourceRequirements whole = pod.getSpec().getResources();
        return whole.getRequestsMap().keySet().stream().anyMatch(PodAmounts::isPodLevelOrPages)
                || whole.getLimitsMap().keySet().stream().anyMatch(PodAmounts::isPodLevelOrPages);
    }

    /** @param amounts of a container, and whether it runs as long as the pod */
    private static Map<String, Quantity> sum(
            PodSpec spec, BiFunction<Container, Boolean, Map<String, Quantity>> amounts) {
        Map<String, Quantity> sum = new HashMap<>();
        for (Container container : spec.getContainersList()) {
            add(sum, amounts.apply(container, true));
        }
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> starting = new HashMap<>();
        for (Container container : spec.getInitContainersList()) {
            boolean sidecar = container.getRestartPolicy().equals("Always");
            Map<String, Quantity> own = amounts.apply(container, sidecar);
            if (sidecar) {
                add(sum, own);
                add(sidecars, own);
                raise(starting, sidecars);
            } else {
                Map<String, Quantity> together = new HashMap<>(own);
                add(together, sidecars);
                raise(starting, together);
            }
        }
        raise(sum, starting);
        return sum;
    }

    private static void override(Map<String, Quantity> sum, Map<String, Quantity> whole, Predicate<String> which) {
        whole.forEach((name, amount) -> {
            if (which.test(name)) {
                sum.put(name, amount);
            }
        });
    }

    private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
        more.forEach((name, amount) -> sum.merge(name, amount, Quantities::add));
    }

    private static void raise(Map<String, Quantity> least, Map<String, Quantity> other) {
        other.forEach((name, amount) -> least.merge(name, amount, Quantities::max));
    }

    private static ContainerStatus status(Pod pod, String container) {
        ContainerStatus found = named(pod.getStatus().getContainerStatusesList(), container);
        return found == null ? named(pod.getStatus().getInitContainerStatusesList(), container) : found;
    }

    private static ContainerStatus named(List<ContainerStatus> statuses, String container) {
        for (ContainerStatus status : statuses) {
            if (status.getName().equals(container)) {
                return status;
            }
        }
        return null;
    }

    private static boolean resizeInfeasible(Pod pod) {
        return pod.getStatus().getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals("PodResizePending")
                        && condition.getReason().equals("Infeasible"));
    }
}
