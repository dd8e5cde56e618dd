package io.jollyboat.quota;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The quality-of-service class that follows from a pod's requests and limits of CPU and memory. */
public final class PodQos {
    private static final Set<String> COUNTED = Set.of("cpu", "memory");

    private PodQos() {}

    public static String of(PodSpec spec) {
        List<ResourceRequirements> all = new ArrayList<>();
        if (spec.hasResources()) {
            all.add(spec.getResources());
        } else {
            spec.getContainersList().stream().map(Container::getResources).forEach(all::add);
            spec.getInitContainersList().stream().map(Container::getResources).forEach(all::add);
        }
        boolean any = false;
        boolean guaranteed = true;
        for (ResourceRequirements one : all) {
            int limited = 0;
            for (String resource : COUNTED) {
                Quantity limit = positive(one.getLimitsMap(), resource);
                Quantity request = positive(one.getRequestsMap(), resource);
                any |= limit != null || request != null;
                if (limit != null) {
                    limited++;
                }
                if (request != null && (limit == null || Quantities.compare(request, limit) != 0)) {
                    guaranteed = false;
                }
            }
            guaranteed &= limited == COUNTED.size();
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static Quantity positive(Map<String, Quantity> quantities, String resource) {
        Quantity quantity = quantities.get(resource);
        return quantity == null || Quantities.compare(quantity, Quantities.zero()) <= 0 ? null : quantity;
    }
}
