package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ports of a host in use, or wanted. The address 0.0.0.0 clashes with every other. */
public final class HostPorts {
    private static final String ANY = "0.0.0.0";

    /** One port. */
    public record HostPort(String protocol, String ip, int port) {}

    // How many pods have each: two may for a moment, when a pod was placed by hand.
    private final Map<HostPort, Integer> used = new HashMap<>();
    private final Map<String, Integer> byNumber = new HashMap<>();

    /** Those a pod wants; usually none. */
    public static List<HostPort> of(Pod pod) {
        List<HostPort> wanted = new ArrayList<>();
        for (Container container : pod.getSpec().getContainersList()) {
            collect(container, wanted);
        }
        for (Container container : pod.getSpec().getInitContainersList()) {
            if (container.getRestartPolicy().equals("Always")) {
                collect(container, wanted);
            }
        }
        return List.copyOf(wanted);
    }

    private static void collect(Container container, List<HostPort> wanted) {
        for (ContainerPort port : container.getPortsList()) {
            if (port.getHostPort() > 0) {
                wanted.add(new HostPort(
                        port.getProtocol().isEmpty() ? "TCP" : port.getProtocol(),
                        port.getHostIP().isEmpty() ? ANY : port.getHostIP(),
                        port.getHostPort()));
            }
        }
    }

    public void add(List<HostPort> ports) {
        for (HostPort port : ports) {
            used.merge(port, 1, Integer::sum);
            byNumber.merge(number(port), 1, Integer::sum);
        }
    }

    public void remove(List<HostPort> ports) {
        for (HostPort port : ports) {
            used.computeIfPresent(port, (p, count) -> count == 1 ? null : count - 1);
            byNumber.computeIfPresent(number(port), (p, count) -> count == 1 ? null : count - 1);
        }
    }

    public boolean conflictsWith(List<HostPort> wanted) {
        for (HostPort port : wanted) {
            if (port.ip().equals(ANY)
                    ? byNumber.containsKey(number(port))
                    : used.containsKey(port) || used.containsKey(new HostPort(port.protocol(), ANY, port.port()))) {
                return true;
            }
        }
        return false;
    }

    private static String number(HostPort port) {
        return port.protocol() + port.port();
    }
}
