package io.jollyboat.apiserver.validation;

import io.jollyboat.api.autoscaling.v2.CrossVersionObjectReference;
import io.jollyboat.api.autoscaling.v2.HPAScalingPolicy;
import io.jollyboat.api.autoscaling.v2.HPAScalingRules;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;

/** The rules of horizontal pod autoscalers. */
final class AutoscalerRules {
    private static final int LONGEST_WINDOW_SECONDS = 3600;
    private static final int LONGEST_PERIOD_SECONDS = 1800;

    private AutoscalerRules() {}

    static void create(Errors errors, HorizontalPodAutoscaler scaler) {
        MetaRules.check(errors, scaler.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        spec(errors, scaler.getSpec());
    }

    static void update(Errors errors, HorizontalPodAutoscaler scaler, HorizontalPodAutoscaler old) {
        MetaRules.checkUpdate(errors, scaler.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, scaler.getSpec());
    }

    static void createOld(Errors errors, io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler scaler) {
        MetaRules.check(errors, scaler.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        spec(errors, renewed(scaler.getSpec()));
    }

    static void updateOld(
            Errors errors,
            io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler scaler,
            io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler old) {
        MetaRules.checkUpdate(errors, scaler.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, renewed(scaler.getSpec()));
    }

    /** What the old version says, as the new one says it. */
    private static HorizontalPodAutoscalerSpec renewed(
            io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerSpec old) {
        HorizontalPodAutoscalerSpec.Builder spec =
                HorizontalPodAutoscalerSpec.newBuilder().setMaxReplicas(old.getMaxReplicas());
        spec.getScaleTargetRefBuilder()
                .setKind(old.getScaleTargetRef().getKind())
                .setName(old.getScaleTargetRef().getName())
                .setApiVersion(old.getScaleTargetRef().getApiVersion());
        if (old.hasMinReplicas()) {
            spec.setMinReplicas(old.getMinReplicas());
        }
        if (old.hasTargetCPUUtilizationPercentage()) {
            spec.addMetricsBuilder()
                    .setType("Resource")
                    .getResourceBuilder()
                    .setName("cpu")
                    .getTargetBuilder()
                    .setType("Utilization")
                    .setAverageUtilization(old.getTargetCPUUtilizationPercentage());
        }
        return spec.build();
    }

    static void statusUpdate(Errors errors, HorizontalPodAutoscaler scaler, HorizontalPodAutoscaler old) {
        MetaRules.checkUpdate(errors, scaler.getMetadata(), old.getMetadata(), "metadata");
        errors.notNegative("status.currentReplicas", scaler.getStatus().getCurrentReplicas());
        errors.notNegative("status.desiredReplicas", scaler.getStatus().getDesiredReplicas());
    }

    private static void spec(Errors errors, HorizontalPodAutoscalerSpec spec) {
        if (spec.hasMinReplicas() && spec.getMinReplicas() < 1) {
            errors.invalid("spec.minReplicas", spec.getMinReplicas(), "must be greater than or equal to 1");
        }
        if (spec.getMaxReplicas() == 0) {
            errors.required("spec.maxReplicas", "must be set and greater than 0");
        } else if (spec.getMaxReplicas() < 0) {
            errors.invalid("spec.maxReplicas", spec.getMaxReplicas(), "must be greater than or equal to 1");
        }
        if (spec.hasMinReplicas() && spec.getMaxReplicas() < spec.getMinReplicas()) {
            errors.invalid("spec.maxReplicas", spec.getMaxReplicas(), "must be greater than or equal to `minReplicas`");
        }
        reference(errors, spec.getScaleTargetRef(), false, "spec.scaleTargetRef");
        boolean fromOutside = false;
        for (int i = 0; i < spec.getMetricsCount(); i++) {
            MetricRules.check(errors, spec.getMetrics(i), "spec.metrics[" + i + "]");
            fromOutside |= spec.getMetrics(i).getType().equals("Object")
                    || spec.getMetrics(i).getType().equals("External");
        }
        if (spec.hasMinReplicas() && spec.getMinReplicas() == 0 && !fromOutside) {
            errors.forbidden(
                    "spec.metrics",
                    "must specify at least one Object or External metric to support scaling to zero replicas");
        }
        if (spec.getBehavior().hasScaleUp()) {
            scaling(errors, spec.getBehavior().getScaleUp(), "spec.behavior.scaleUp");
        }
        if (spec.getBehavior().hasScaleDown()) {
            scaling(errors, spec.getBehavior().getScaleDown(), "spec.behavior.scaleDown");
        }
    }

    static void reference(Errors errors, CrossVersionObjectReference reference, boolean anyGroup, String path) {
        Texts.objectReference(errors, null, reference.getKind(), reference.getName(), path);
        String version = reference.getApiVersion();
        long slashes = version.chars().filter(c -> c == '/').count();
        if (slashes > 1) {
            errors.invalid(path + ".apiVersion", version, "unexpected GroupVersion string: " + version);
        } else if (!anyGroup && (slashes == 0 || version.startsWith("/"))) {
            // A ReplicationController is of the group without a name.
            boolean core = version.equals("v1") && reference.getKind().equals("ReplicationController");
            if (!core) {
                errors.invalid(path + ".apiVersion", version, "apiVersion must specify API group");
            }
        }
    }

    private static void scaling(Errors errors, HPAScalingRules rules, String path) {
        int window = rules.getStabilizationWindowSeconds();
        if (window < 0) {
            errors.invalid(path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
        }
        if (window > LONGEST_WINDOW_SECONDS) {
            errors.invalid(
                    path + ".stabilizationWindowSeconds",
                    window,
                    "must be less than or equal to " + LONGEST_WINDOW_SECONDS);
        }
        if (rules.hasSelectPolicy()) {
            errors.oneOf(path + ".selectPolicy", rules.getSelectPolicy(), "Disabled", "Max", "Min");
        }
        if (rules.getPoliciesCount() == 0) {
            errors.required(path + ".policies", "must specify at least one Policy");
        }
        for (int i = 0; i < rules.getPoliciesCount(); i++) {
            policy(errors, rules.getPolicies(i), path + ".policies[" + i + "]");
        }
        if (rules.hasTolerance() && Quantities.signum(rules.getTolerance()) < 0) {
            errors.invalid(path + ".tolerance", rules.getTolerance().getString(), "must be greater than or equal to 0");
        }
    }

    private static void policy(Errors errors, HPAScalingPolicy policy, String path) {
        errors.oneOf(path + ".type", policy.getType(), "Percent", "Pods");
        if (policy.getValue() <= 0) {
            errors.invalid(path + ".value", policy.getValue(), "must be greater than zero");
        }
        int period = policy.getPeriodSeconds();
        if (period <= 0) {
            errors.invalid(path + ".periodSeconds", period, "must be greater than zero");
        }
        if (period > LONGEST_PERIOD_SECONDS) {
            errors.invalid(path + ".periodSeconds", period, "must be less than or equal to " + LONGEST_PERIOD_SECONDS);
        }
    }
}
