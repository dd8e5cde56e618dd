package io.jollyboat.defaults;

import io.jollyboat.api.apiextensions.v1.CustomResourceConversion;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler;
import io.jollyboat.api.autoscaling.v2.HPAScalingPolicy;
import io.jollyboat.api.autoscaling.v2.HPAScalingRules;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.jollyboat.api.autoscaling.v2.MetricSpec;
import io.jollyboat.api.autoscaling.v2.MetricTarget;
import io.jollyboat.api.autoscaling.v2.ResourceMetricSource;
import io.jollyboat.api.networking.v1.NetworkPolicySpec;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.api.resource.v1.DeviceSubRequest;
import io.jollyboat.api.resource.v1.ExactDeviceRequest;
import io.jollyboat.api.storage.v1.CSIDriverSpec;
import java.util.Locale;

/** Autoscalers, network policies, RBAC, storage, devices and custom resource definitions. */
final class PolicyDefaults {
    private PolicyDefaults() {}

    static void register() {
        ComputedDefaults.add(HorizontalPodAutoscalerSpec.getDefaultInstance(), PolicyDefaults::autoscaler);
        ComputedDefaults.add(HorizontalPodAutoscaler.getDefaultInstance(), PolicyDefaults::autoscalerV1);
        ComputedDefaults.add(HorizontalPodAutoscalerBehavior.getDefaultInstance(), PolicyDefaults::behavior);
        ComputedDefaults.add(NetworkPolicySpec.getDefaultInstance(), PolicyDefaults::networkPolicy);
        ComputedDefaults.add(Subject.getDefaultInstance(), PolicyDefaults::subject);
        ComputedDefaults.add(CSIDriverSpec.getDefaultInstance(), PolicyDefaults::csiDriver);
        ComputedDefaults.add(ExactDeviceRequest.getDefaultInstance(), PolicyDefaults::deviceRequest);
        ComputedDefaults.add(DeviceSubRequest.getDefaultInstance(), PolicyDefaults::deviceSubRequest);
        ComputedDefaults.add(CustomResourceDefinition.getDefaultInstance(), PolicyDefaults::customResource);
    }

    /** The old version keeps other metrics than CPU in an annotation. */
    private static HorizontalPodAutoscaler autoscalerV1(HorizontalPodAutoscaler autoscaler) {
        if (autoscaler.getSpec().hasTargetCPUUtilizationPercentage()
                || autoscaler.getMetadata().containsAnnotations("autoscaling.alpha.kubernetes.io/metrics")) {
            return autoscaler;
        }
        HorizontalPodAutoscaler.Builder builder = autoscaler.toBuilder();
        builder.getSpecBuilder().setTargetCPUUtilizationPercentage(80);
        return builder.build();
    }

    private static HorizontalPodAutoscalerSpec autoscaler(HorizontalPodAutoscalerSpec spec) {
        if (spec.getMetricsCount() > 0) {
            return spec;
        }
        MetricTarget target = MetricTarget.newBuilder()
                .setType("Utilization")
                .setAverageUtilization(80)
                .build();
        return spec.toBuilder()
                .addMetrics(MetricSpec.newBuilder()
                        .setType("Resource")
                        .setResource(
                                ResourceMetricSource.newBuilder().setName("cpu").setTarget(target)))
                .build();
    }

    private static HorizontalPodAutoscalerBehavior behavior(HorizontalPodAutoscalerBehavior behavior) {
        HPAScalingRules.Builder up = behavior.getScaleUp().toBuilder();
        HPAScalingRules.Builder down = behavior.getScaleDown().toBuilder();
        for (HPAScalingRules.Builder rules : new HPAScalingRules.Builder[] {up, down}) {
            if (!rules.hasSelectPolicy()) {
                rules.setSelectPolicy("Max");
            }
        }
        if (!up.hasStabilizationWindowSeconds()) {
            up.setStabilizationWindowSeconds(0);
        }
        if (up.getPoliciesCount() == 0) {
            up.addPolicies(policy("Pods", 4)).addPolicies(policy("Percent", 100));
        }
        if (down.getPoliciesCount() == 0) {
            down.addPolicies(policy("Percent", 100));
        }
        return behavior.toBuilder().setScaleUp(up).setScaleDown(down).build();
    }

    private static HPAScalingPolicy policy(String type, int value) {
        return HPAScalingPolicy.newBuilder()
                .setType(type)
                .setValue(value)
                .setPeriodSeconds(15)
                .build();
    }

    private static NetworkPolicySpec networkPolicy(NetworkPolicySpec spec) {
        if (spec.getPolicyTypesCount() > 0) {
            return spec;
        }
        NetworkPolicySpec.Builder builder = spec.toBuilder().addPolicyTypes("Ingress");
        if (spec.getEgressCount() > 0) {
            builder.addPolicyTypes("Egress");
        }
        return builder.build();
    }

    private static Subject subject(Subject subject) {
        boolean person = subject.getKind().equals("User") || subject.getKind().equals("Group");
        return person && subject.getApiGroup().isEmpty()
                ? subject.toBuilder().setApiGroup("rbac.authorization.k8s.io").build()
                : subject;
    }

    private static CSIDriverSpec csiDriver(CSIDriverSpec spec) {
        return spec.getVolumeLifecycleModesCount() > 0
                ? spec
                : spec.toBuilder().addVolumeLifecycleModes("Persistent").build();
    }

    private static ExactDeviceRequest deviceRequest(ExactDeviceRequest request) {
        boolean exact = request.getAllocationMode().isEmpty()
                || request.getAllocationMode().equals("ExactCount");
        if (!exact) {
            return request;
        }
        return request.toBuilder()
                .setAllocationMode("ExactCount")
                .setCount(request.getCount() == 0 ? 1 : request.getCount())
                .build();
    }

    private static DeviceSubRequest deviceSubRequest(DeviceSubRequest request) {
        boolean exact = request.getAllocationMode().isEmpty()
                || request.getAllocationMode().equals("ExactCount");
        if (!exact) {
            return request;
        }
        return request.toBuilder()
                .setAllocationMode("ExactCount")
                .setCount(request.getCount() == 0 ? 1 : request.getCount())
                .build();
    }

    private static CustomResourceDefinition customResource(CustomResourceDefinition definition) {
        CustomResourceDefinition.Builder builder = definition.toBuilder();
        CustomResourceDefinitionNames.Builder names = builder.getSpecBuilder().getNamesBuilder();
        if (names.getSingular().isEmpty()) {
            names.setSingular(names.getKind().toLowerCase(Locale.ROOT));
        }
        if (names.getListKind().isEmpty() && !names.getKind().isEmpty()) {
            names.setListKind(names.getKind() + "List");
        }
        if (!definition.getSpec().hasConversion()) {
            builder.getSpecBuilder()
                    .setConversion(CustomResourceConversion.newBuilder().setStrategy("None"));
        }
        if (definition.getStatus().getStoredVersionsCount() == 0) {
            for (CustomResourceDefinitionVersion version : definition.getSpec().getVersionsList()) {
                if (version.getStorage()) {
                    builder.getStatusBuilder().addStoredVersions(version.getName());
                    break;
                }
            }
        }
        return builder.build();
    }
}
