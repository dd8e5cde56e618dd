package io.jollyboat.kubelet.env;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The variables that tell a container where Services are. Pure. */
final class ServiceVariables {
    private static final String API_SERVER = "kubernetes";
    private static final String API_SERVER_NAMESPACE = "default";

    private ServiceVariables() {}

    /** @param links all Services of the namespace, not the API server's alone */
    static Map<String, String> of(Collection<Service> services, String namespace, boolean links) {
        Map<String, Service> chosen = new HashMap<>();
        for (Service service : services) {
            if (!hasClusterIp(service)) {
                continue;
            }
            String name = service.getMetadata().getName();
            boolean own = service.getMetadata().getNamespace().equals(namespace);
            boolean apiServer =
                    service.getMetadata().getNamespace().equals(API_SERVER_NAMESPACE) && name.equals(API_SERVER);
            if (apiServer) {
                chosen.putIfAbsent(name, service);
            } else if (own && links) {
                chosen.put(name, service);
            }
        }
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(chosen.keySet());
        names.sort(null);
        names.forEach(name -> add(variables, chosen.get(name)));
        return variables;
    }

    private static boolean hasClusterIp(Service service) {
        String ip = service.getSpec().getClusterIP();
        return !ip.isEmpty() && !ip.equals("None");
    }

    private static void add(Map<String, String> variables, Service service) {
        String prefix = name(service.getMetadata().getName());
        String ip = service.getSpec().getClusterIP();
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        List<ServicePort> ports = service.getSpec().getPortsList();
        if (ports.isEmpty()) {
            return;
        }
        variables.put(prefix + "_SERVICE_HOST", ip);
        variables.put(prefix + "_SERVICE_PORT", text(ports.getFirst()));
        for (ServicePort port : ports) {
            if (!port.getName().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + name(port.getName()), text(port));
            }
        }
        ServicePort first = ports.getFirst();
        variables.put(prefix + "_PORT", url(first, host));
        for (ServicePort port : ports) {
            String portPrefix =
                    prefix + "_PORT_" + port.getPort() + "_" + protocol(port).toUpperCase(Locale.ROOT);
            variables.put(portPrefix, url(port, host));
            variables.put(portPrefix + "_PROTO", protocol(port));
            variables.put(portPrefix + "_PORT", text(port));
            variables.put(portPrefix + "_ADDR", ip);
        }
    }

    private static String url(ServicePort port, String host) {
        return protocol(port) + "://" + host + ":" + port.getPort();
    }

    private static String protocol(ServicePort port) {
        return port.getProtocol().isEmpty() ? "tcp" : port.getProtocol().toLowerCase(Locale.ROOT);
    }

    private static String text(ServicePort port) {
        return Integer.toString(port.getPort());
    }

    private static String name(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
