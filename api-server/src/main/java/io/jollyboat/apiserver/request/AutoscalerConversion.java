package io.jollyboat.apiserver.request;

import io.jollyboat.api.autoscaling.v2.CrossVersionObjectReference;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.jollyboat.api.autoscaling.v2.MetricSpec;
import io.jollyboat.api.autoscaling.v2.MetricStatus;
import io.jollyboat.api.autoscaling.v2.MetricTarget;
import io.jollyboat.api.autoscaling.v2.ResourceMetricSource;
import io.jollyboat.errors.ApiException;

/**
 * Between the autoscaler's versions. Version 1 knows one metric, the utilization of CPU; an object that needs more is
 * not shown in it, lest a write through it lose the rest.
 */
final class AutoscalerConversion {
    private AutoscalerConversion() {}

    static HorizontalPodAutoscaler toV2(io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler one) {
        io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerSpec from = one.getSpec();
        HorizontalPodAutoscalerSpec.Builder spec = HorizontalPodAutoscalerSpec.newBuilder()
                .setScaleTargetRef(CrossVersionObjectReference.newBuilder()
                        .setKind(from.getScaleTargetRef().getKind())
                        .setName(from.getScaleTargetRef().getName())
                        .setApiVersion(from.getScaleTargetRef().getApiVersion()))
                .setMaxReplicas(from.getMaxReplicas());
        if (from.hasMinReplicas()) {
            spec.setMinReplicas(from.getMinReplicas());
        }
        if (from.hasTargetCPUUtilizationPercentage()) {
            spec.addMetrics(MetricSpec.newBuilder()
                    .setType("Resource")
                    .setResource(ResourceMetricSource.newBuilder()
                            .setName("cpu")
                            .setTarget(MetricTarget.newBuilder()
                                    .setType("Utilization")
                                    .setAverageUtilization(from.getTargetCPUUtilizationPercentage()))));
        }
        HorizontalPodAutoscalerStatus.Builder status = HorizontalPodAutoscalerStatus.newBuilder()
                .setCurrentReplicas(one.getStatus().getCurrentReplicas())
                .setDesiredReplicas(one.getStatus().getDesiredReplicas());
        if (one.getStatus().hasObservedGeneration()) {
            status.setObservedGeneration(one.getStatus().getObservedGeneration());
        }
        if (one.getStatus().hasLastScaleTime()) {
            status.setLastScaleTime(one.getStatus().getLastScaleTime());
        }
        return HorizontalPodAutoscaler.newBuilder()
                .setMetadata(one.getMetadata())
                .setSpec(spec)
                .setStatus(status)
                .build();
    }

    static io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler toV1(HorizontalPodAutoscaler two) {
        HorizontalPodAutoscalerSpec from = two.getSpec();
        io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerSpec.Builder spec =
                io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerSpec.newBuilder()
                        .setScaleTargetRef(io.jollyboat.api.autoscaling.v1.CrossVersionObjectReference.newBuilder()
                                .setKind(from.getScaleTargetRef().getKind())
                                .setName(from.getScaleTargetRef().getName())
                                .setApiVersion(from.getScaleTargetRef().getApiVersion()))
                        .setMaxReplicas(from.getMaxReplicas());
        if (from.hasMinReplicas()) {
            spec.setMinReplicas(from.getMinReplicas());
        }
        for (MetricSpec metric : from.getMetricsList()) {
            if (!isCpuUtilization(metric)) {
                throw ApiException.of(
                        501,
                        "NotImplemented",
                        "the autoscaler uses what autoscaling/v1 cannot express here; use autoscaling/v2");
            }
            spec.setTargetCPUUtilizationPercentage(
                    metric.getResource().getTarget().getAverageUtilization());
        }
        if (from.hasBehavior()) {
            throw ApiException.of(
                    501,
                    "NotImplemented",
                    "the autoscaler uses what autoscaling/v1 cannot express here; use autoscaling/v2");
        }
        io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerStatus.Builder status =
                io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscalerStatus.newBuilder()
                        .setCurrentReplicas(two.getStatus().getCurrentReplicas())
                        .setDesiredReplicas(two.getStatus().getDesiredReplicas());
        if (two.getStatus().hasObservedGeneration()) {
            status.setObservedGeneration(two.getStatus().getObservedGeneration());
        }
        if (two.getStatus().hasLastScaleTime()) {
            status.setLastScaleTime(two.getStatus().getLastScaleTime());
        }
        for (MetricStatus metric : two.getStatus().getCurrentMetricsList()) {
            if (metric.getResource().getName().equals("cpu")
                    && metric.getResource().getCurrent().hasAverageUtilization()) {
                status.setCurrentCPUUtilizationPercentage(
                        metric.getResource().getCurrent().getAverageUtilization());
            }
        }
        return io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler.newBuilder()
                .setMetadata(two.getMetadata())
                .setSpec(spec)
                .setStatus(status)
                .build();
    }

    private static boolean isCpuUtilization(MetricSpec metric) {
        return metric.getType().equals("Resource")
                && metric.getResource().getName().equals("cpu")
                && metric.getResource().getTarget().hasAverageUtilization();
    }
}
