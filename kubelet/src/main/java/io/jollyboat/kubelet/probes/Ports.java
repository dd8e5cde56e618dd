package io.jollyboat.kubelet.probes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.HTTPHeader;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.values.IntOrStrings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Ports and HTTP targets as probes and hooks name them. Pure. */
public final class Ports {
    private Ports() {}

    /** IllegalArgumentException with upstream's words when the container has no port of that name. */
    public static int resolve(Container container, IntOrString port) {
        int number = IntOrStrings.isString(port) ? byName(container, port.getStrVal()) : port.getIntVal();
        if (number <= 0 || number > 65535) {
            throw new IllegalArgumentException("invalid port number: " + number);
        }
        return number;
    }

    private static int byName(Container container, String name) {
        for (ContainerPort port : container.getPortsList()) {
            if (port.getName().equals(name)) {
                return port.getContainerPort();
            }
        }
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("port " + name + " not found", e);
        }
    }

    public static HttpCheck.Target http(Container container, HTTPGetAction action, String podIp) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HTTPHeader header : action.getHttpHeadersList()) {
            headers.put(header.getName(), header.getValue());
        }
        String path = action.getPath().startsWith("/") ? action.getPath() : "/" + action.getPath();
        return new HttpCheck.Target(
                action.getScheme().isEmpty() ? "http" : action.getScheme().toLowerCase(Locale.ROOT),
                action.getHost().isEmpty() ? podIp : action.getHost(),
                resolve(container, action.getPort()),
                path,
                headers);
    }
}
