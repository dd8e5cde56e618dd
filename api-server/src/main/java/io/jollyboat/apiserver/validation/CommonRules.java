package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Rules of parts that several kinds have. */
final class CommonRules {
    private static final Set<String> CONTAINER_RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> STANDARD_RESOURCES = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "storage",
            "pods",
            "services",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");

    private CommonRules() {}

    static void selector(Errors errors, LabelSelector selector, String path) {
        MetaRules.labels(errors, selector.getMatchLabelsMap(), path + ".matchLabels");
        for (int i = 0; i < selector.getMatchExpressionsCount(); i++) {
            requirement(errors, selector.getMatchExpressions(i), path + ".matchExpressions[" + i + "]");
        }
    }

    private static void requirement(Errors errors, LabelSelectorRequirement requirement, String path) {
        operator(errors, requirement.getOperator(), requirement.getValuesCount(), path);
        errors.invalid(path + ".key", requirement.getKey(), Names.qualifiedName(requirement.getKey()));
        for (int i = 0; i < requirement.getValuesCount(); i++) {
            errors.invalid(
                    path + ".values[" + i + "]", requirement.getValues(i), Names.labelValue(requirement.getValues(i)));
        }
    }

    /** A selector's operator goes with values, or without. */
    static void operator(Errors errors, String operator, int values, String path) {
        switch (operator) {
            case "In", "NotIn" -> {
                if (values == 0) {
                    errors.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (values > 0) {
                    errors.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> errors.invalid(path + ".operator", operator, "not a valid selector operator");
        }
    }

    static void port(Errors errors, IntOrString port, String path) {
        if (IntOrStrings.isString(port)) {
            errors.invalid(path, port.getStrVal(), Names.portName(port.getStrVal()));
        } else {
            errors.invalid(path, port.getIntVal(), Names.portNumber(port.getIntVal()));
        }
    }

    /** A number of at least 0, or a percentage. */
    static void positiveIntOrPercent(Errors errors, IntOrString value, String path) {
        if (IntOrStrings.isString(value)) {
            errors.invalid(path, value.getStrVal(), Names.percent(value.getStrVal()));
        } else {
            errors.notNegative(path, value.getIntVal());
        }
    }

    static void atMostAll(Errors errors, IntOrString value, String path) {
        if (IntOrStrings.isPercent(value) && IntOrStrings.scaled(value, 100, false) > 100) {
            errors.invalid(path, value.getStrVal(), "must not be greater than 100%");
        }
    }

    /** Names of resources are standard ones or fully qualified. */
    static void resourceName(Errors errors, String name, String path) {
        List<String> problems = Names.qualifiedName(name);
        errors.invalid(path, name, problems);
        if (problems.isEmpty()
                && !name.contains("/")
                && !STANDARD_RESOURCES.contains(name)
                && !name.startsWith("hugepages-")) {
            errors.invalid(path, name, "must be a standard resource type or fully qualified");
        }
    }

    static void quantity(Errors errors, String name, Quantity quantity, String path) {
        if (Quantities.signum(quantity) < 0) {
            errors.invalid(path, quantity.getString(), "must be greater than or equal to 0");
        }
        boolean whole =
                name.contains("/") || name.equals("pods") || name.equals("services") || name.startsWith("count/");
        if (whole && Quantities.milliValue(quantity) % 1000 != 0) {
            errors.invalid(path, quantity.getString(), "must be an integer");
        }
    }

    static void containerResources(Errors errors, ResourceRequirements resources, String path) {
        Map<String, Quantity> limits = new TreeMap<>(resources.getLimitsMap());
        Map<String, Quantity> requests = new TreeMap<>(resources.getRequestsMap());
        boolean huge = false;
        boolean compute = false;
        for (Map.Entry<String, Quantity> limit : limits.entrySet()) {
            String at = path + ".limits[" + limit.getKey() + "]";
            containerResource(errors, limit.getKey(), at);
            quantity(errors, limit.getKey(), limit.getValue(), at);
            huge |= limit.getKey().startsWith("hugepages-");
            compute |= limit.getKey().equals("cpu") || limit.getKey().equals("memory");
        }
        for (Map.Entry<String, Quantity> request : requests.entrySet()) {
            String name = request.getKey();
            String at = path + ".requests[" + name + "]";
            containerResource(errors, name, at);
            quantity(errors, name, request.getValue(), at);
            boolean overcommit = !name.contains("/") && !name.startsWith("hugepages-");
            Quantity limit = limits.get(name);
            if (limit == null && !overcommit) {
                errors.required(path + ".limits", "Limit must be set for non overcommitable resources");
            } else if (limit != null) {
                int order = Quantities.compare(request.getValue(), limit);
                if (order != 0 && !overcommit) {
                    errors.invalid(
                            path + ".requests",
                            request.getValue().getString(),
                            "must be equal to " + name + " limit of " + limit.getString());
                } else if (order > 0) {
                    errors.invalid(
                            path + ".requests",
                            request.getValue().getString(),
                            "must be less than or equal to " + name + " limit of " + limit.getString());
                }
            }
            huge |= name.startsWith("hugepages-");
            compute |= name.equals("cpu") || name.equals("memory");
        }
        if (huge && !compute) {
            errors.forbidden(path, "HugePages require cpu or memory");
        }
    }

    static void containerResource(Errors errors, String name, String path) {
        resourceName(errors, name, path);
        if (!name.contains("/") && !CONTAINER_RESOURCES.contains(name) && !name.startsWith("hugepages-")) {
            errors.invalid(path, name, "must be a standard resource for containers");
        }
    }
}
