package io.jollyboat.apiserver.rest;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointPort;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.apiserver.outbound.Address;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.runtime.Runtime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where the node, pod or Service of a {@code proxy} request is: {@code name}, {@code name:port} or {@code scheme:name:port}. */
final class ServiceLocator {
    private static final String NOT_ALLOWED = "address not allowed";

    private final ResourceService resources;
    private final KubeletLocator kubelets;
    private final Runtime runtime;

    ServiceLocator(ResourceService resources, KubeletLocator kubelets, Runtime runtime) {
        this.resources = resources;
        this.kubelets = kubelets;
        this.runtime = runtime;
    }

    /** An address, and what is spoken there. */
    record Place(Speech speech, Address address) {}

    /** Whether it is TLS, and with whom. */
    enum Speech {
        PLAIN,
        /** With whoever is there. */
        TLS,
        /** With a kubelet, which proves to be one and is shown who calls. */
        KUBELET
    }

    Place find(Target target) {
        String plural = target.type().plural();
        String[] parts = target.name().split(":", -1);
        String scheme = parts.length == 3 ? parts[0] : "";
        boolean valid = parts.length <= 3 && List.of("", "http", "https").contains(scheme);
        String name = parts.length == 3 ? parts[1] : parts[0];
        if (!valid || name.isEmpty()) {
            throw ApiException.badRequest(
                    "invalid " + plural.substring(0, plural.length() - 1) + " request \"" + target.name() + "\"");
        }
        String port = parts.length == 1 ? "" : parts[parts.length - 1];
        boolean secure = scheme.equals("https");
        return switch (plural) {
            case "nodes" -> node(name, port, secure);
            case "pods" -> new Place(secure ? Speech.TLS : Speech.PLAIN, pod(target, name, port, secure));
            default -> new Place(secure ? Speech.TLS : Speech.PLAIN, service(target, name, port));
        };
    }

    /** The kubelet, where no other port is named. */
    private Place node(String name, String port, boolean secure) {
        KubeletLocator.Address kubelet = kubelets.find(name);
        try {
            for (InetAddress address : InetAddress.getAllByName(kubelet.host())) {
                if (!isGlobal(address)) {
                    throw ApiException.badRequest(NOT_ALLOWED);
                }
            }
        } catch (UnknownHostException e) {
            throw ApiException.badRequest("lookup " + kubelet.host() + ": no such host");
        }
        if (port.isEmpty() || port.equals(Integer.toString(kubelet.port()))) {
            return new Place(Speech.KUBELET, new Address(kubelet.host(), kubelet.port()));
        }
        return new Place(secure ? Speech.TLS : Speech.PLAIN, new Address(kubelet.host(), number(port)));
    }

    private Address pod(Target target, String name, String port, boolean secure) {
        Pod pod = (Pod)
                resources.object(target.type(), resources.get(target.main().named(name), ""));
        String chosen = port;
        for (Container container : pod.getSpec().getContainersList()) {
            if (chosen.isEmpty() && container.getPortsCount() > 0) {
                chosen = Integer.toString(container.getPorts(0).getContainerPort());
            }
        }
        String ip = pod.getStatus().getPodIP();
        if (!isReachable(ip)) {
            throw ApiException.badRequest(NOT_ALLOWED);
        }
        return new Address(ip, chosen.isEmpty() ? (secure ? 443 : 80) : number(chosen));
    }

    private Address service(Target target, String name, String port) {
        String portName = port;
        if (port.matches("[0-9]{1,9}")) {
            Service service = (Service)
                    resources.object(target.type(), resources.get(target.main().named(name), ""));
            portName = service.getSpec().getPortsList().stream()
                    .filter(one -> one.getPort() == Integer.parseInt(port))
                    .map(ServicePort::getName)
                    .findFirst()
                    .orElseThrow(() -> unavailable("no service port " + port + " found for service \"" + name + "\""));
        }
        Target endpoints = new Target(Kinds.of(Endpoints.class), ObjectKey.of(target.namespace(), name));
        Endpoints found;
        try {
            found = (Endpoints) resources.object(endpoints.type(), resources.get(endpoints, ""));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                // A Service that is not there is missed as such.
                resources.get(target.main().named(name), "");
            }
            throw e;
        }
        if (found.getSubsetsCount() == 0) {
            throw unavailable("no endpoints available for service \"" + name + "\"");
        }
        for (EndpointSubset subset : found.getSubsetsList()) {
            for (EndpointPort one : subset.getPortsList()) {
                Address address = one.getName().equals(portName) ? anyPod(target, subset, one.getPort()) : null;
                if (address != null) {
                    return address;
                }
            }
        }
        throw unavailable("no endpoints available for service \"" + target.name() + "\"");
    }

    /** Null where none of the addresses is a pod's: whoever may write endpoints must not reach what pods are not. */
    private Address anyPod(Target target, EndpointSubset subset, int port) {
        int count = subset.getAddressesCount();
        int first = count == 0 ? 0 : runtime.random().nextInt(count);
        for (int i = 0; i < count; i++) {
            EndpointAddress address = subset.getAddresses((first + i) % count);
            if (isPods(target, address)) {
                return new Address(address.getIp(), port);
            }
        }
        return null;
    }

    private boolean isPods(Target target, EndpointAddress address) {
        if (!address.hasTargetRef() || !address.getTargetRef().getNamespace().equals(target.namespace())) {
            return false;
        }
        Target pod = new Target(
                Kinds.of(Pod.class),
                ObjectKey.of(target.namespace(), address.getTargetRef().getName()));
        try {
            Pod present = (Pod) resources.object(pod.type(), resources.get(pod, ""));
            return present.getStatus().getPodIPsList().stream()
                            .anyMatch(ip -> ip.getIp().equals(address.getIp()))
                    || present.getStatus().getPodIP().equals(address.getIp());
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isReachable(String ip) {
        if (!ip.matches("[0-9a-fA-F:.]+")) {
            return false;
        }
        try {
            return isGlobal(InetAddress.ofLiteral(ip));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isGlobal(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    private static int number(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw unavailable("error trying to reach service: dial tcp: lookup tcp/" + port + ": unknown port");
        }
        return Integer.parseInt(port);
    }

    private static ApiException unavailable(String text) {
        return ApiException.of(503, "ServiceUnavailable", text);
    }
}
