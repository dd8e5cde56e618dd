package io.jollyboat.apiserver.validation;

import io.jollyboat.api.autoscaling.v2.ContainerResourceMetricSource;
import io.jollyboat.api.autoscaling.v2.ExternalMetricSource;
import io.jollyboat.api.autoscaling.v2.MetricSpec;
import io.jollyboat.api.autoscaling.v2.MetricTarget;
import io.jollyboat.api.autoscaling.v2.ObjectMetricSource;
import io.jollyboat.api.autoscaling.v2.ResourceMetricSource;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.List;

/** The rules of what an autoscaler looks at. */
final class MetricRules {
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");

    private MetricRules() {}

    static void check(Errors errors, MetricSpec spec, String path) {
        String type = spec.getType();
        if (type.isEmpty()) {
            errors.required(path + ".type", "must specify a metric source type");
        }
        if (!TYPES.contains(type)) {
            errors.notSupported(path + ".type", type, TYPES);
        }
        List<String> present = present(spec);
        if (!present.isEmpty()) {
            source(errors, spec, present.getFirst(), path + "." + present.getFirst());
        }
        String expected = TYPES.contains(type) ? Character.toLowerCase(type.charAt(0)) + type.substring(1) : "";
        if (expected.isEmpty()) {
            errors.notSupported(path + ".type", type, TYPES);
        } else if (!present.contains(expected)) {
            errors.required(path + "." + expected, "must populate information for the given metric source");
        }
        if (present.size() != 1) {
            present.stream()
                    .filter(name -> !name.equals(expected))
                    .forEach(name -> errors.forbidden(path + "." + name, "must populate the given metric source only"));
        }
    }

    /** In upstream's order of looking. */
    private static List<String> present(MetricSpec spec) {
        List<String> present = new ArrayList<>();
        if (spec.hasObject()) {
            present.add("object");
        }
        if (spec.hasExternal()) {
            present.add("external");
        }
        if (spec.hasPods()) {
            present.add("pods");
        }
        if (spec.hasResource()) {
            present.add("resource");
        }
        if (spec.hasContainerResource()) {
            present.add("containerResource");
        }
        return present;
    }

    private static void source(Errors errors, MetricSpec spec, String name, String path) {
        switch (name) {
            case "object" -> object(errors, spec.getObject(), path);
            case "external" -> external(errors, spec.getExternal(), path);
            case "pods" -> {
                identifier(errors, spec.getPods().getMetric().getName(), path);
                target(errors, spec.getPods().getTarget(), path + ".target");
                if (!spec.getPods().getTarget().hasAverageValue()) {
                    errors.required(path + ".target.averageValue", "must specify a positive target averageValue");
                }
            }
            case "resource" -> resource(errors, spec.getResource(), path);
            default -> containerResource(errors, spec.getContainerResource(), path);
        }
    }

    private static void object(Errors errors, ObjectMetricSource source, String path) {
        AutoscalerRules.reference(errors, source.getDescribedObject(), true, path + ".describedObject");
        identifier(errors, source.getMetric().getName(), path);
        target(errors, source.getTarget(), path + ".target");
        if (!source.getTarget().hasValue() && !source.getTarget().hasAverageValue()) {
            errors.required(path + ".target.averageValue", "must set either a target value or averageValue");
        }
    }

    private static void external(Errors errors, ExternalMetricSource source, String path) {
        identifier(errors, source.getMetric().getName(), path);
        target(errors, source.getTarget(), path + ".target");
        boolean value = source.getTarget().hasValue();
        boolean average = source.getTarget().hasAverageValue();
        if (!value && !average) {
            errors.required(
                    path + ".target.averageValue", "must set either a target value for metric or a per-pod target");
        }
        if (value && average) {
            errors.forbidden(path + ".target.value", "may not set both a target value for metric and a per-pod target");
        }
    }

    private static void resource(Errors errors, ResourceMetricSource source, String path) {
        if (source.getName().isEmpty()) {
            errors.required(path + ".name", "must specify a resource name");
        }
        usage(errors, source.getTarget(), path + ".target");
    }

    private static void containerResource(Errors errors, ContainerResourceMetricSource source, String path) {
        if (source.getName().isEmpty()) {
            errors.required(path + ".name", "must specify a resource name");
        } else {
            CommonRules.containerResource(errors, source.getName(), path + ".name");
        }
        if (source.getContainer().isEmpty()) {
            errors.required(path + ".container", "must specify a container");
        } else {
            errors.invalid(path + ".container", source.getContainer(), Names.dns1123Label(source.getContainer()));
        }
        usage(errors, source.getTarget(), path + ".target");
    }

    private static void usage(Errors errors, MetricTarget target, String path) {
        target(errors, target, path);
        if (!target.hasAverageUtilization() && !target.hasAverageValue()) {
            errors.required(path + ".averageUtilization", "must set either a target raw value or a target utilization");
        }
        if (target.hasAverageUtilization() && target.hasAverageValue()) {
            errors.forbidden(path + ".averageValue", "may not set both a target raw value and a target utilization");
        }
    }

    private static void identifier(Errors errors, String name, String path) {
        if (name.isEmpty()) {
            errors.required(path + ".metric.name", "must specify a metric name");
        } else {
            errors.invalid(path + ".metric.name", name, Names.pathSegment(name));
        }
    }

    private static void target(Errors errors, MetricTarget target, String path) {
        String type = target.getType();
        if (type.isEmpty()) {
            errors.required(path + ".type", "must specify a metric target type");
        }
        if (!List.of("Utilization", "Value", "AverageValue").contains(type)) {
            errors.invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        if (target.hasValue()) {
            positive(errors, target.getValue(), path + ".value");
        }
        if (target.hasAverageValue()) {
            positive(errors, target.getAverageValue(), path + ".averageValue");
        }
        if (target.hasAverageUtilization() && target.getAverageUtilization() < 1) {
            errors.invalid(path + ".averageUtilization", target.getAverageUtilization(), "must be greater than 0");
        }
    }

    private static void positive(Errors errors, Quantity amount, String path) {
        if (Quantities.signum(amount) <= 0) {
            errors.invalid(path, amount.getString(), "must be positive");
        }
    }
}
