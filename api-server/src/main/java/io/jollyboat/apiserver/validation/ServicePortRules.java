package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.Set;

/** The rules of a service's ports. */
final class ServicePortRules {
    private ServicePortRules() {}

    static void check(Errors errors, ServiceSpec spec) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.getPortsCount(); i++) {
            ServicePort port = spec.getPorts(i);
            String at = "spec.ports[" + i + "]";
            if (port.getName().isEmpty()) {
                if (spec.getPortsCount() > 1) {
                    errors.required(at + ".name");
                }
            } else {
                errors.invalid(at + ".name", port.getName(), Names.dns1123Label(port.getName()));
                if (!names.add(port.getName())) {
                    errors.duplicate(at + ".name", port.getName());
                }
            }
            errors.invalid(at + ".port", port.getPort(), Names.portNumber(port.getPort()));
            if (port.getProtocol().isEmpty()) {
                errors.required(at + ".protocol");
            } else {
                errors.oneOf(at + ".protocol", port.getProtocol(), "SCTP", "TCP", "UDP");
            }
            CommonRules.port(errors, port.getTargetPort(), at + ".targetPort");
            if (port.hasAppProtocol()) {
                errors.invalid(at + ".appProtocol", port.getAppProtocol(), Names.qualifiedName(port.getAppProtocol()));
            }
        }
    }

    static void unique(Errors errors, ServiceSpec spec) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.getPortsCount(); i++) {
            ServicePort port = spec.getPorts(i);
            if (!seen.add(port.getProtocol() + "/" + port.getPort())) {
                errors.duplicate(
                        "spec.ports[" + i + "]",
                        Errors.bare("{\"Name\":\"\",\"Protocol\":\"" + port.getProtocol()
                                + "\",\"AppProtocol\":null,\"Port\":" + port.getPort()
                                + ",\"TargetPort\":0,\"NodePort\":0}"));
            }
        }
    }

    static void nodePorts(Errors errors, ServiceSpec spec) {
        if (!spec.getType().equals("ClusterIP")) {
            return;
        }
        for (int i = 0; i < spec.getPortsCount(); i++) {
            if (spec.getPorts(i).getNodePort() != 0) {
                errors.forbidden("spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
}
