package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.orNone;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.IngressClass;
import io.jollyboat.api.networking.v1.IngressClassParametersReference;
import io.jollyboat.api.networking.v1.IngressLoadBalancerIngress;
import io.jollyboat.api.networking.v1.IngressRule;
import io.jollyboat.api.networking.v1.NetworkPolicy;
import io.jollyboat.api.networking.v1.ParentReference;
import io.jollyboat.api.networking.v1.ServiceCIDR;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Endpoint slices, ingresses, network policies and service addresses. */
final class NetworkPrinters {
    private NetworkPrinters() {}

    static void register() {
        Printers.add(
                EndpointSlice.class,
                Column.of("Name", "AddressType", "Ports", "Endpoints", "Age"),
                (slice, now) -> List.of(
                        slice.getMetadata().getName(),
                        slice.getAddressType(),
                        CellText.some(ports(slice), CellText.UNSET),
                        CellText.some(addresses(slice), CellText.UNSET),
                        age(slice.getMetadata(), now)));
        Printers.add(
                Ingress.class,
                Column.of("Name", "Class", "Hosts", "Address", "Ports", "Age"),
                (ingress, now) -> List.of(
                        ingress.getMetadata().getName(),
                        ingress.getSpec().hasIngressClassName()
                                ? ingress.getSpec().getIngressClassName()
                                : CellText.NONE,
                        hosts(ingress.getSpec().getRulesList()),
                        address(ingress),
                        ingress.getSpec().getTlsCount() > 0 ? "80, 443" : "80",
                        age(ingress.getMetadata(), now)));
        Printers.add(
                IngressClass.class,
                Column.of("Name", "Controller", "Parameters", "Age"),
                (kind, now) -> List.of(
                        kind.getMetadata().getName()
                                + (kind.getMetadata()
                                                .getAnnotationsOrDefault(
                                                        "ingressclass.kubernetes.io/is-default-class", "")
                                                .equals("true")
                                        ? " (default)"
                                        : ""),
                        kind.getSpec().getController(),
                        kind.getSpec().hasParameters()
                                ? parameters(kind.getSpec().getParameters())
                                : CellText.NONE,
                        age(kind.getMetadata(), now)));
        Printers.add(
                NetworkPolicy.class,
                Column.of("Name", "Pod-Selector", "Age"),
                (policy, now) -> List.of(
                        policy.getMetadata().getName(),
                        CellText.selector(policy.getSpec().getPodSelector()),
                        age(policy.getMetadata(), now)));
        Printers.add(
                IPAddress.class,
                // Upstream's rows have the age, its columns do not.
                Column.of("Name", "ParentRef"),
                (address, now) -> List.of(
                        address.getMetadata().getName(),
                        address.getSpec().hasParentRef()
                                ? parent(address.getSpec().getParentRef())
                                : CellText.NONE,
                        age(address.getMetadata(), now)));
        Printers.add(
                ServiceCIDR.class,
                Column.of("Name", "CIDRs", "Age"),
                (range, now) -> List.of(
                        range.getMetadata().getName(),
                        String.join(",", range.getSpec().getCidrsList()),
                        age(range.getMetadata(), now)));
    }

    private static List<String> ports(EndpointSlice slice) {
        return slice.getPortsList().stream()
                .map(port -> port.hasPort() ? Integer.toString(port.getPort()) : port.hasName() ? port.getName() : "*")
                .toList();
    }

    private static List<String> addresses(EndpointSlice slice) {
        List<String> all = new ArrayList<>();
        for (Endpoint endpoint : slice.getEndpointsList()) {
            all.addAll(endpoint.getAddressesList());
        }
        return all;
    }

    private static String hosts(List<IngressRule> rules) {
        List<String> hosts = new ArrayList<>();
        boolean more = false;
        for (IngressRule rule : rules) {
            if (hosts.size() == 3) {
                more = true;
            } else if (!rule.getHost().isEmpty()) {
                hosts.add(rule.getHost());
            }
        }
        if (hosts.isEmpty()) {
            return "*";
        }
        return String.join(",", hosts) + (more ? " + " + (rules.size() - 3) + " more..." : "");
    }

    private static String address(Ingress ingress) {
        TreeSet<String> addresses = new TreeSet<>();
        for (IngressLoadBalancerIngress point :
                ingress.getStatus().getLoadBalancer().getIngressList()) {
            String address = point.getIp().isEmpty() ? point.getHostname() : point.getIp();
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return String.join(",", addresses);
    }

    private static String parameters(IngressClassParametersReference reference) {
        return reference.getKind()
                + (reference.getAPIGroup().isEmpty() ? "" : "." + reference.getAPIGroup())
                + "/"
                + reference.getName();
    }

    private static String parent(ParentReference parent) {
        String resource = parent.getResource() + (parent.getGroup().isEmpty() ? "" : "." + parent.getGroup());
        String namespace = orNone(parent.getNamespace()).equals(CellText.NONE) ? "" : "/" + parent.getNamespace();
        return resource.toLowerCase(Locale.ROOT) + namespace + "/" + parent.getName();
    }
}
