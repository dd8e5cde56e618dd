package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.orNone;

import io.jollyboat.api.core.v1.ComponentCondition;
import io.jollyboat.api.core.v1.ComponentStatus;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.EndpointPort;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodTemplate;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The core group's kinds, but for nodes, volumes and events. */
final class CorePrinters {
    private CorePrinters() {}

    static void register() {
        Printers.add(
                Pod.class,
                Column.of(
                        "Name",
                        "Ready",
                        "Status",
                        "Restarts",
                        "Age",
                        "IP*",
                        "Node*",
                        "Nominated Node*",
                        "Readiness Gates*"),
                (pod, now) -> new PodCells(pod).cells(now));
        Printers.add(
                Service.class,
                Column.of("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector*"),
                (service, now) -> List.of(
                        service.getMetadata().getName(),
                        service.getSpec().getType(),
                        orNone(
                                service.getSpec().getClusterIPsCount() > 0
                                        ? service.getSpec().getClusterIPs(0)
                                        : ""),
                        externalAddress(service),
                        orNone(ports(service.getSpec())),
                        age(service.getMetadata(), now),
                        CellText.labels(service.getSpec().getSelectorMap())));
        Printers.add(
                ConfigMap.class,
                Column.of("Name", "Data", "Age"),
                (map, now) -> List.of(
                        map.getMetadata().getName(),
                        (long) map.getDataCount() + map.getBinaryDataCount(),
                        age(map.getMetadata(), now)));
        Printers.add(
                Secret.class,
                Column.of("Name", "Type", "Data", "Age"),
                (secret, now) -> List.of(
                        secret.getMetadata().getName(),
                        secret.getType(),
                        (long) secret.getDataCount(),
                        age(secret.getMetadata(), now)));
        Printers.add(
                Namespace.class,
                Column.of("Name", "Status", "Age"),
                (namespace, now) -> List.of(
                        namespace.getMetadata().getName(),
                        namespace.getStatus().getPhase(),
                        age(namespace.getMetadata(), now)));
        Printers.add(
                ServiceAccount.class,
                Column.of("Name", "Age"),
                (account, now) -> List.of(account.getMetadata().getName(), age(account.getMetadata(), now)));
        Printers.add(
                Endpoints.class,
                Column.of("Name", "Endpoints", "Age"),
                (endpoints, now) -> List.of(
                        endpoints.getMetadata().getName(),
                        CellText.some(addresses(endpoints), endpoints.getSubsetsCount() == 0 ? CellText.NONE : ""),
                        age(endpoints.getMetadata(), now)));
        Printers.add(
                PodTemplate.class,
                Column.of("Name", "Containers", "Images", "Pod Labels"),
                (template, now) -> List.of(
                        template.getMetadata().getName(),
                        CellText.containerNames(template.getTemplate().getSpec().getContainersList()),
                        CellText.images(template.getTemplate().getSpec().getContainersList()),
                        CellText.labels(template.getTemplate().getMetadata().getLabelsMap())));
        Printers.add(
                ResourceQuota.class,
                Column.of("Name", "Request", "Limit", "Age"),
                (quota, now) -> List.of(
                        quota.getMetadata().getName(),
                        amounts(quota, false),
                        amounts(quota, true),
                        age(quota.getMetadata(), now)));
        Printers.add(
                ComponentStatus.class,
                Column.of("Name", "Status", "Message", "Error"),
                (component, now) -> componentStatus(component));
    }

    private static List<Object> componentStatus(ComponentStatus component) {
        String status = "Unknown";
        String message = "";
        String error = "";
        for (ComponentCondition condition : component.getConditionsList()) {
            if (condition.getType().equals("Healthy")) {
                status = condition.getStatus().equals("True") ? "Healthy" : "Unhealthy";
                message = condition.getMessage();
                error = condition.getError();
                break;
            }
        }
        return List.of(component.getMetadata().getName(), status, message, error);
    }

    private static String externalAddress(Service service) {
        ServiceSpec spec = service.getSpec();
        String own = String.join(",", spec.getExternalIPsList());
        return switch (spec.getType()) {
            case "ClusterIP", "NodePort" -> orNone(own);
            case "ExternalName" -> spec.getExternalName();
            case "LoadBalancer" -> {
                TreeSet<String> balancer = new TreeSet<>();
                for (LoadBalancerIngress ingress :
                        service.getStatus().getLoadBalancer().getIngressList()) {
                    String address = ingress.getIp().isEmpty() ? ingress.getHostname() : ingress.getIp();
                    if (!address.isEmpty()) {
                        balancer.add(address);
                    }
                }
                List<String> all = new ArrayList<>(balancer);
                all.addAll(spec.getExternalIPsList());
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            default -> CellText.UNKNOWN;
        };
    }

    private static String ports(ServiceSpec spec) {
        return spec.getPortsList().stream()
                .map(port -> port.getPort()
                        + (port.getNodePort() > 0 ? ":" + port.getNodePort() : "")
                        + "/"
                        + port.getProtocol())
                .collect(Collectors.joining(","));
    }

    private static List<String> addresses(Endpoints endpoints) {
        List<String> all = new ArrayList<>();
        for (EndpointSubset subset : endpoints.getSubsetsList()) {
            if (subset.getPortsCount() == 0) {
                subset.getAddressesList().forEach(address -> all.add(address.getIp()));
            }
            for (EndpointPort port : subset.getPortsList()) {
                subset.getAddressesList().forEach(address -> {
                    String host = address.getIp().contains(":") ? "[" + address.getIp() + "]" : address.getIp();
                    all.add(host + ":" + port.getPort());
                });
            }
        }
        return all;
    }

    private static String amounts(ResourceQuota quota, boolean limits) {
        return new TreeSet<>(quota.getStatus().getHardMap().keySet())
                .stream()
                        .filter(name -> name.startsWith("limits.") == limits)
                        .map(name -> name + ": "
                                + text(quota.getStatus().getUsedOrDefault(name, Quantity.getDefaultInstance())) + "/"
                                + text(quota.getStatus().getHardOrThrow(name)))
                        .collect(Collectors.joining(", "));
    }

    private static String text(Quantity quantity) {
        return quantity.getString().isEmpty() ? "0" : quantity.getString();
    }
}
