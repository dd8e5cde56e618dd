package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.LimitRange;
import io.jollyboat.api.core.v1.LimitRangeItem;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules of limit ranges. */
final class LimitRangeRules {
    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");

    private LimitRangeRules() {}

    static void check(Errors errors, LimitRange range) {
        MetaRules.check(errors, range.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        Set<String> types = new HashSet<>();
        for (int i = 0; i < range.getSpec().getLimitsCount(); i++) {
            LimitRangeItem item = range.getSpec().getLimits(i);
            String at = "spec.limits[" + i + "]";
            type(errors, item.getType(), at + ".type");
            if (!types.add(item.getType())) {
                errors.duplicate(at + ".type", item.getType());
            }
            item(errors, item, at);
        }
    }

    private static void type(Errors errors, String type, String path) {
        errors.invalid(path, type, Names.qualifiedName(type));
        if (!type.contains("/") && Names.qualifiedName(type).isEmpty() && !TYPES.contains(type)) {
            errors.invalid(path, type, "must be a standard limit type or fully qualified");
        }
    }

    private static void item(Errors errors, LimitRangeItem item, String path) {
        Set<String> names = new TreeSet<>();
        names(errors, item.getType(), item.getMaxMap(), path + ".max", names);
        names(errors, item.getType(), item.getMinMap(), path + ".min", names);
        boolean pod = item.getType().equals("Pod");
        if (pod) {
            if (item.getDefaultCount() > 0) {
                errors.forbidden(path + ".default", "may not be specified when `type` is 'Pod'");
            }
            if (item.getDefaultRequestCount() > 0) {
                errors.forbidden(path + ".defaultRequest", "may not be specified when `type` is 'Pod'");
            }
        } else {
            names(errors, item.getType(), item.getDefaultMap(), path + ".default", names);
            names(errors, item.getType(), item.getDefaultRequestMap(), path + ".defaultRequest", names);
        }
        boolean claim = item.getType().equals("PersistentVolumeClaim");
        if (claim && !item.containsMin("storage") && !item.containsMax("storage")) {
            errors.required(
                    path + ".limits", "either minimum or maximum storage value is required, but neither was provided");
        }
        names(errors, item.getType(), item.getMaxLimitRequestRatioMap(), path + ".maxLimitRequestRatio", names);
        for (String name : names) {
            amounts(errors, item, name, path, pod);
        }
    }

    private static void names(
            Errors errors, String type, Map<String, Quantity> amounts, String path, Set<String> names) {
        for (String name : new TreeMap<>(amounts).keySet()) {
            if (type.equals("Pod") || type.equals("Container")) {
                CommonRules.containerResource(errors, name, path + "[" + name + "]");
            } else {
                CommonRules.resourceName(errors, name, path + "[" + name + "]");
            }
            names.add(name);
        }
    }

    private static void amounts(Errors errors, LimitRangeItem item, String name, String path, boolean pod) {
        Quantity min = item.getMinMap().get(name);
        Quantity max = item.getMaxMap().get(name);
        Quantity usual = pod ? null : item.getDefaultMap().get(name);
        Quantity request = pod ? null : item.getDefaultRequestMap().get(name);
        Pair pair = new Pair(errors, name);
        pair.order(path + ".min", min, "min value", min, "max value", max);
        pair.order(path + ".defaultRequest", request, "min value", min, "default request value", request);
        pair.order(path + ".defaultRequest", request, "default request value", request, "max value", max);
        pair.order(path + ".defaultRequest", request, "default request value", request, "default limit value", usual);
        pair.order(path + ".default", min, "min value", min, "default value", usual);
        pair.order(path + ".default", max, "default value", usual, "max value", max);
        Quantity ratio = item.getMaxLimitRequestRatioMap().get(name);
        String at = path + ".maxLimitRequestRatio[" + name + "]";
        if (ratio != null && Quantities.compare(ratio, Quantities.of(1)) < 0) {
            errors.invalid(at, ratio.getString(), "ratio " + ratio.getString() + " is less than 1");
        }
        if (ratio != null && min != null && max != null && Quantities.signum(min) > 0) {
            var limit = Quantities.decimal(max).divide(Quantities.decimal(min), 6, RoundingMode.HALF_UP);
            if (Quantities.decimal(ratio).compareTo(limit) > 0) {
                errors.invalid(
                        at,
                        ratio.getString(),
                        "ratio " + ratio.getString() + " is greater than max/min = " + limit.toPlainString());
            }
        }
        boolean overcommit = !name.contains("/") && !name.startsWith("hugepages-");
        if (!overcommit && usual != null && request != null && Quantities.compare(usual, request) != 0) {
            errors.invalid(
                    path + ".defaultRequest[" + name + "]",
                    request.getString(),
                    "default value " + usual.getString() + " must equal to defaultRequest value " + request.getString()
                            + " in " + name);
        }
    }

    private record Pair(Errors errors, String name) {
        /** The lower must not be above the upper, where both are there. */
        void order(String path, Quantity shown, String lowName, Quantity low, String highName, Quantity high) {
            if (low != null && high != null && Quantities.compare(low, high) > 0) {
                errors.invalid(
                        path + "[" + name + "]",
                        shown.getString(),
                        lowName + " " + low.getString() + " is greater than " + highName + " " + high.getString());
            }
        }
    }
}
