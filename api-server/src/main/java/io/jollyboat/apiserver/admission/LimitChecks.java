package io.jollyboat.apiserver.admission;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.LimitRange;
import io.jollyboat.api.core.v1.LimitRangeItem;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.quota.PodAmounts;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Compares what is asked for with one LimitRange; in upstream's words. */
final class LimitChecks {
    /** Of whom the limits are. */
    private final String type;

    private final Map<String, Quantity> requests;
    private final Map<String, Quantity> limits;
    private final List<String> broken;

    private LimitChecks(
            String type, Map<String, Quantity> requests, Map<String, Quantity> limits, List<String> broken) {
        this.type = type;
        this.requests = requests;
        this.limits = limits;
        this.broken = broken;
    }

    static List<String> of(LimitRange range, Pod pod) {
        List<String> broken = new ArrayList<>();
        for (LimitRangeItem item : range.getSpec().getLimitsList()) {
            switch (item.getType()) {
                case "Container" -> {
                    pod.getSpec().getContainersList().forEach(container -> container(item, container, broken));
                    pod.getSpec().getInitContainersList().forEach(container -> container(item, container, broken));
                }
                case "Pod" ->
                    new LimitChecks("Pod", PodAmounts.specRequests(pod), PodAmounts.specLimits(pod), broken).all(item);
                default -> {
                    // of something else
                }
            }
        }
        return broken;
    }

    private static void container(LimitRangeItem item, Container container, List<String> broken) {
        new LimitChecks(
                        "Container",
                        container.getResources().getRequestsMap(),
                        container.getResources().getLimitsMap(),
                        broken)
                .all(item);
    }

    static List<String> of(LimitRange range, PersistentVolumeClaim claim) {
        List<String> broken = new ArrayList<>();
        Map<String, Quantity> requests = claim.getSpec().getResources().getRequestsMap();
        for (LimitRangeItem item : range.getSpec().getLimitsList()) {
            if (item.getType().equals("PersistentVolumeClaim")) {
                LimitChecks checks = new LimitChecks(item.getType(), requests, Map.of(), broken);
                checks.each(item.getMinMap(), checks::minimum);
                checks.each(item.getMaxMap(), checks::maximumRequest);
            }
        }
        return broken;
    }

    private void all(LimitRangeItem item) {
        each(item.getMinMap(), this::minimum);
        each(item.getMaxMap(), this::maximum);
        each(item.getMaxLimitRequestRatioMap(), this::ratio);
    }

    /** @param check gives null for what is as it should be */
    private void each(Map<String, Quantity> bounds, BiFunction<String, Quantity, String> check) {
        new TreeMap<>(bounds).forEach((resource, bound) -> {
            String text = check.apply(resource, bound);
            if (text != null) {
                broken.add(text);
            }
        });
    }

    private String minimum(String resource, Quantity bound) {
        Quantity request = requests.get(resource);
        Quantity limit = limits.get(resource);
        String rule = "minimum " + usage(resource, bound);
        if (request == null) {
            return rule + ".  No request is specified";
        }
        if (Quantities.compare(request, bound) < 0) {
            return rule + ", but request is " + text(request);
        }
        return limit != null && Quantities.compare(limit, bound) < 0 ? rule + ", but limit is " + text(limit) : null;
    }

    private String maximum(String resource, Quantity bound) {
        Quantity request = requests.get(resource);
        Quantity limit = limits.get(resource);
        String rule = "maximum " + usage(resource, bound);
        if (limit == null) {
            return rule + ".  No limit is specified";
        }
        if (Quantities.compare(limit, bound) > 0) {
            return rule + ", but limit is " + text(limit);
        }
        return request != null && Quantities.compare(request, bound) > 0
                ? rule + ", but request is " + text(request)
                : null;
    }

    private String maximumRequest(String resource, Quantity bound) {
        Quantity request = requests.get(resource);
        String rule = "maximum " + usage(resource, bound);
        if (request == null) {
            return rule + ".  No request is specified";
        }
        return Quantities.compare(request, bound) > 0 ? rule + ", but request is " + text(request) : null;
    }

    private String ratio(String resource, Quantity bound) {
        Quantity request = requests.get(resource);
        Quantity limit = limits.get(resource);
        String rule = resource + " max limit to request ratio per " + type + " is " + text(bound);
        if (request == null || Quantities.isZero(request)) {
            return rule + ", but no request is specified or request is 0";
        }
        if (limit == null || Quantities.isZero(limit)) {
            return rule + ", but no limit is specified or limit is 0";
        }
        double ratio = Quantities.decimal(limit).doubleValue()
                / Quantities.decimal(request).doubleValue();
        return ratio * 1000 > Quantities.decimal(bound).doubleValue() * 1000
                ? rule + ", but provided ratio is " + String.format(Locale.ROOT, "%f", ratio)
                : null;
    }

    private String usage(String resource, Quantity bound) {
        return resource + " usage per " + type + " is " + text(bound);
    }

    private static String text(Quantity quantity) {
        return Quantities.canonical(quantity.getString());
    }
}
