package io.jollyboat.kubelet.env;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.ResourceFieldSelector;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.values.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/** The downward API: fields of the pod and resources of its containers as text. Pure. */
public final class DownwardFields {
    private final Map<String, Quantity> allocatable;

    /** @param allocatable the node's: what a container without a limit may use */
    public DownwardFields(Map<String, Quantity> allocatable) {
        this.allocatable = Map.copyOf(allocatable);
    }

    /** @param status the pod's as it is now, with its address */
    public static String field(Pod pod, PodStatus status, String path, String nodeIp) {
        if (path.endsWith("']") || path.endsWith("\"]")) {
            int open = path.indexOf('[');
            String key = path.substring(open + 2, path.length() - 2);
            return switch (path.substring(0, open)) {
                case "metadata.labels" -> pod.getMetadata().getLabelsOrDefault(key, "");
                case "metadata.annotations" -> pod.getMetadata().getAnnotationsOrDefault(key, "");
                default -> throw new EnvironmentException("unsupported fieldPath: " + path);
            };
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> map(pod.getMetadata().getLabelsMap());
            case "metadata.annotations" -> map(pod.getMetadata().getAnnotationsMap());
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
            case "status.hostIP", "status.hostIPs" -> nodeIp;
            case "status.podIP" -> status.getPodIP();
            case "status.podIPs" ->
                String.join(
                        ",",
                        status.getPodIPsList().stream().map(ip -> ip.getIp()).toList());
            default -> throw new EnvironmentException("unsupported fieldPath: " + path);
        };
    }

    /** @param own the container that asks, where the selector names none */
    public String resource(Pod pod, Container own, ResourceFieldSelector selector) {
        Container container = own;
        if (!selector.getContainerName().isEmpty()) {
            container = Specs.container(pod, selector.getContainerName())
                    .orElseThrow(
                            () -> new EnvironmentException("container " + selector.getContainerName() + " not found"));
        }
        Map<String, Quantity> limits = container.getResources().getLimitsMap();
        Map<String, Quantity> requests = container.getResources().getRequestsMap();
        String name = selector.getResource().substring(selector.getResource().indexOf('.') + 1);
        Quantity value;
        if (selector.getResource().startsWith("limits.")) {
            value = limits.getOrDefault(name, allocatable.get(name));
        } else if (selector.getResource().startsWith("requests.")) {
            value = requests.get(name);
        } else {
            throw new EnvironmentException("unsupported container resource : " + selector.getResource());
        }
        return inUnits(value, selector.getDivisor());
    }

    /** Rounded up to whole divisors. */
    private static String inUnits(Quantity value, Quantity divisor) {
        if (value == null) {
            return "0";
        }
        BigDecimal unit = divisor.getString().isEmpty() || Quantities.isZero(divisor)
                ? BigDecimal.ONE
                : Quantities.decimal(divisor);
        return Quantities.decimal(value).divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }

    /** A line per entry, by key: {@code key="value"}. */
    private static String map(Map<String, String> entries) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(entries)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append("=\"")
                        .append(value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t"))
                        .append('"'));
        return text.toString();
    }
}
