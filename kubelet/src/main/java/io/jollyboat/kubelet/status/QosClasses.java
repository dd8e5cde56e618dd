package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Map;

/** A pod's quality-of-service class, from its cpu and memory requests and limits. Pure. */
public final class QosClasses {
    public static final String GUARANTEED = "Guaranteed";
    public static final String BURSTABLE = "Burstable";
    public static final String BEST_EFFORT = "BestEffort";

    private static final List<String> COMPUTE = List.of("cpu", "memory");

    private QosClasses() {}

    /** The class that the status has, else the one that the spec gives. */
    public static String of(Pod pod) {
        String known = pod.getStatus().getQosClass();
        if (!known.isEmpty()) {
            return known;
        }
        List<Container> containers = Specs.containers(pod).toList();
        boolean any = containers.stream()
                .anyMatch(c -> isSet(c.getResources().getRequestsMap())
                        || isSet(c.getResources().getLimitsMap()));
        if (!any) {
            return BEST_EFFORT;
        }
        return containers.stream().allMatch(QosClasses::isGuaranteed) ? GUARANTEED : BURSTABLE;
    }

    private static boolean isGuaranteed(Container container) {
        Map<String, Quantity> limits = container.getResources().getLimitsMap();
        Map<String, Quantity> requests = container.getResources().getRequestsMap();
        return COMPUTE.stream().allMatch(name -> {
            Quantity limit = limits.get(name);
            Quantity request = requests.getOrDefault(name, limit);
            return limit != null && !Quantities.isZero(limit) && Quantities.compare(limit, request) == 0;
        });
    }

    private static boolean isSet(Map<String, Quantity> resources) {
        return COMPUTE.stream()
                .anyMatch(name -> resources.containsKey(name) && !Quantities.isZero(resources.get(name)));
    }
}
