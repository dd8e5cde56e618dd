package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.UNKNOWN;
import static io.jollyboat.apiserver.table.CellText.age;

import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.autoscaling.v2.MetricSpec;
import io.jollyboat.api.autoscaling.v2.MetricStatus;
import io.jollyboat.api.autoscaling.v2.MetricTarget;
import io.jollyboat.api.autoscaling.v2.MetricValueStatus;
import io.jollyboat.api.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;

/** Autoscalers: present and wanted values of their metrics. */
final class AutoscalerCells {
    private static final List<Column> COLUMNS =
            Column.of("Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age");

    private AutoscalerCells() {}

    static void register() {
        Printers.add(
                HorizontalPodAutoscaler.class,
                COLUMNS,
                (scaler, now) -> List.of(
                        scaler.getMetadata().getName(),
                        scaler.getSpec().getScaleTargetRef().getKind() + "/"
                                + scaler.getSpec().getScaleTargetRef().getName(),
                        metrics(scaler),
                        scaler.getSpec().hasMinReplicas()
                                ? Integer.toString(scaler.getSpec().getMinReplicas())
                                : CellText.UNSET,
                        (long) scaler.getSpec().getMaxReplicas(),
                        (long) scaler.getStatus().getCurrentReplicas(),
                        age(scaler.getMetadata(), now)));
        Printers.add(
                io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler.class,
                COLUMNS,
                (scaler, now) -> List.of(
                        scaler.getMetadata().getName(),
                        scaler.getSpec().getScaleTargetRef().getKind() + "/"
                                + scaler.getSpec().getScaleTargetRef().getName(),
                        scaler.getSpec().hasTargetCPUUtilizationPercentage()
                                ? "cpu: "
                                        + (scaler.getStatus().hasCurrentCPUUtilizationPercentage()
                                                ? scaler.getStatus().getCurrentCPUUtilizationPercentage() + "%"
                                                : UNKNOWN)
                                        + "/"
                                        + scaler.getSpec().getTargetCPUUtilizationPercentage()
                                        + "%"
                                : CellText.NONE,
                        scaler.getSpec().hasMinReplicas()
                                ? Integer.toString(scaler.getSpec().getMinReplicas())
                                : CellText.UNSET,
                        (long) scaler.getSpec().getMaxReplicas(),
                        (long) scaler.getStatus().getCurrentReplicas(),
                        age(scaler.getMetadata(), now)));
    }

    private static String metrics(HorizontalPodAutoscaler scaler) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < scaler.getSpec().getMetricsCount(); i++) {
            MetricStatus status = i < scaler.getStatus().getCurrentMetricsCount()
                    ? scaler.getStatus().getCurrentMetrics(i)
                    : MetricStatus.getDefaultInstance();
            texts.add(metric(scaler.getSpec().getMetrics(i), status));
        }
        if (texts.isEmpty()) {
            return CellText.NONE;
        }
        return texts.size() > 2
                ? String.join(", ", texts.subList(0, 2)) + " + " + (texts.size() - 2) + " more..."
                : String.join(", ", texts);
    }

    private static String metric(MetricSpec spec, MetricStatus status) {
        return switch (spec.getType()) {
            case "External" ->
                value(
                        spec.getExternal().getTarget(),
                        status.hasExternal(),
                        status.getExternal().getCurrent());
            case "Object" ->
                value(
                        spec.getObject().getTarget(),
                        status.hasObject(),
                        status.getObject().getCurrent());
            case "Pods" ->
                (status.hasPods() ? text(status.getPods().getCurrent().getAverageValue()) : UNKNOWN)
                        + "/"
                        + text(spec.getPods().getTarget().getAverageValue());
            case "Resource" ->
                spec.getResource().getName() + ": "
                        + resource(
                                spec.getResource().getTarget(),
                                status.hasResource(),
                                status.getResource().getCurrent());
            case "ContainerResource" ->
                spec.getContainerResource().getName() + ": "
                        + resource(
                                spec.getContainerResource().getTarget(),
                                status.hasContainerResource(),
                                status.getContainerResource().getCurrent());
            default -> "<unknown type>";
        };
    }

    private static String value(MetricTarget target, boolean known, MetricValueStatus current) {
        if (target.hasAverageValue()) {
            return (known && current.hasAverageValue() ? text(current.getAverageValue()) : UNKNOWN)
                    + "/"
                    + text(target.getAverageValue())
                    + " (avg)";
        }
        return (known ? text(current.getValue()) : UNKNOWN) + "/" + text(target.getValue());
    }

    private static String resource(MetricTarget target, boolean known, MetricValueStatus current) {
        if (target.hasAverageValue()) {
            return (known ? text(current.getAverageValue()) : UNKNOWN) + "/" + text(target.getAverageValue());
        }
        return (known && current.hasAverageUtilization() ? current.getAverageUtilization() + "%" : UNKNOWN)
                + "/"
                + (target.hasAverageUtilization() ? target.getAverageUtilization() + "%" : "<auto>");
    }

    private static String text(Quantity quantity) {
        return quantity.getString().isEmpty() ? "0" : quantity.getString();
    }
}
