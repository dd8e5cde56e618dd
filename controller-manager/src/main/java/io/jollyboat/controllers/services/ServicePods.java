package io.jollyboat.controllers.services;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodIP;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.controllers.objects.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Pods as a Service sees them. */
public final class ServicePods {
    public static final String HEADLESS_LABEL = "service.kubernetes.io/headless";
    public static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    private ServicePods() {}

    /** Whether pods can stand behind the Service by this controller's doing. */
    public static boolean hasSelector(Service service) {
        return service.getSpec().getSelectorCount() > 0
                && !service.getSpec().getType().equals("ExternalName");
    }

    /** Has an address and will not end for good. */
    public static boolean isEndpoint(Pod pod, boolean includeTerminating) {
        return !Pods.isTerminal(pod)
                && !ips(pod).isEmpty()
                && (includeTerminating || !pod.getMetadata().hasDeletionTimestamp());
    }

    /** All the pod's addresses, the primary one first. */
    public static List<String> ips(Pod pod) {
        List<String> ips = new ArrayList<>();
        for (PodIP ip : pod.getStatus().getPodIPsList()) {
            if (!ip.getIp().isEmpty()) {
                ips.add(ip.getIp());
            }
        }
        if (ips.isEmpty() && !pod.getStatus().getPodIP().isEmpty()) {
            ips.add(pod.getStatus().getPodIP());
        }
        return ips;
    }

    public static boolean isIpv6(String ip) {
        return ip.indexOf(':') >= 0;
    }

    public static boolean isHeadless(Service service) {
        String ip = service.getSpec().getClusterIP();
        return ip.isEmpty() || ip.equals("None");
    }

    /** The pod's own host name counts where it names the Service as its subdomain. */
    public static boolean hasHostname(Pod pod, Service service) {
        return !pod.getSpec().getHostname().isEmpty()
                && pod.getSpec().getSubdomain().equals(service.getMetadata().getName())
                && pod.getMetadata().getNamespace().equals(service.getMetadata().getNamespace());
    }

    /** The port's number on the pod; empty when the pod has no port of that name. */
    public static OptionalInt port(Pod pod, ServicePort port) {
        if (port.getTargetPort().getType() == 0) {
            return OptionalInt.of(port.getTargetPort().getIntVal());
        }
        String name = port.getTargetPort().getStrVal();
        for (Container container : pod.getSpec().getContainersList()) {
            OptionalInt found = port(container, name, port.getProtocol());
            if (found.isPresent()) {
                return found;
            }
        }
        for (Container container : pod.getSpec().getInitContainersList()) {
            OptionalInt found = container.getRestartPolicy().equals("Always")
                    ? port(container, name, port.getProtocol())
                    : OptionalInt.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt port(Container container, String name, String protocol) {
        for (ContainerPort port : container.getPortsList()) {
            if (port.getName().equals(name) && port.getProtocol().equals(protocol)) {
                return OptionalInt.of(port.getContainerPort());
            }
        }
        return OptionalInt.empty();
    }
}
