package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.kinds.ResourceType;
import java.util.HashSet;
import java.util.Set;

/** Keeps clusterIP and clusterIPs alike, and what a Service was given, when a client does not repeat it. */
final class ServiceStrategy extends KindStrategies.Generic {
    ServiceStrategy() {
        super("services");
    }

    @Override
    public Message prepareCreate(ResourceType<?> type, Message object) {
        Service service = (Service) object;
        String ip = service.getSpec().getClusterIP();
        if (ip.isEmpty() == (service.getSpec().getClusterIPsCount() == 0)) {
            return service;
        }
        Service.Builder builder = service.toBuilder();
        if (!ip.isEmpty()) {
            builder.getSpecBuilder().addClusterIPs(ip);
        }
        return builder.build();
    }

    @Override
    public Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
        Service service = (Service) object;
        Service before = (Service) old;
        ServiceSpec.Builder spec = service.getSpec().toBuilder();
        sameIps(spec, before.getSpec());
        keepGiven(spec, before.getSpec());
        dropWhatTheTypeLacks(spec, before.getSpec());
        return service.toBuilder().setSpec(spec).build();
    }

    /** A client that knows one of the two fields changes the other with it. */
    private static void sameIps(ServiceSpec.Builder spec, ServiceSpec old) {
        boolean ipCleared = !old.getClusterIP().isEmpty() && spec.getClusterIP().isEmpty();
        boolean listSame = spec.getClusterIPsList().equals(old.getClusterIPsList());
        if (ipCleared && listSame) {
            spec.clearClusterIPs();
        } else if (!spec.getClusterIP().equals(old.getClusterIP()) && listSame) {
            spec.clearClusterIPs().addClusterIPs(spec.getClusterIP());
        } else if (!spec.getClusterIP().isEmpty() && spec.getClusterIPsCount() == 0 && old.getClusterIPsCount() == 0) {
            spec.addClusterIPs(spec.getClusterIP());
        } else if (spec.getClusterIPsCount() == 0 && spec.getClusterIP().equals(old.getClusterIP())) {
            spec.addAllClusterIPs(old.getClusterIPsList());
        }
    }

    private static void keepGiven(ServiceSpec.Builder spec, ServiceSpec old) {
        boolean ips = !spec.getType().equals("ExternalName") && !old.getType().equals("ExternalName");
        if (ips && spec.getClusterIP().isEmpty() && spec.getClusterIPsCount() == 0) {
            if (old.hasClusterIP()) {
                spec.setClusterIP(old.getClusterIP());
            }
            spec.addAllClusterIPs(old.getClusterIPsList());
        }
        if (ips && spec.getIpFamiliesCount() == 0) {
            spec.addAllIpFamilies(old.getIpFamiliesList());
        }
        if (ips && !spec.hasIpFamilyPolicy() && old.hasIpFamilyPolicy()) {
            spec.setIpFamilyPolicy(old.getIpFamilyPolicy());
        }
        if (hasNodePorts(spec.getType()) && hasNodePorts(old.getType())) {
            keepNodePorts(spec, old);
        }
        boolean health = isHealthChecked(spec.getType(), spec.getExternalTrafficPolicy())
                && isHealthChecked(old.getType(), old.getExternalTrafficPolicy());
        if (health && spec.getHealthCheckNodePort() == 0) {
            spec.setHealthCheckNodePort(old.getHealthCheckNodePort());
        }
    }

    private static void keepNodePorts(ServiceSpec.Builder spec, ServiceSpec old) {
        Set<Integer> used = new HashSet<>();
        spec.getPortsList().forEach(port -> used.add(port.getNodePort()));
        for (int i = 0; i < spec.getPortsCount(); i++) {
            ServicePort port = spec.getPorts(i);
            if (port.getNodePort() != 0) {
                continue;
            }
            for (ServicePort before : old.getPortsList()) {
                boolean same = before.getPort() == port.getPort()
                        && before.getProtocol().equals(port.getProtocol());
                if (same && before.getNodePort() != 0 && used.add(before.getNodePort())) {
                    spec.getPortsBuilder(i).setNodePort(before.getNodePort());
                    break;
                }
            }
        }
    }

    private static void dropWhatTheTypeLacks(ServiceSpec.Builder spec, ServiceSpec old) {
        if (spec.getType().equals("ExternalName") && !old.getType().equals("ExternalName")) {
            if (spec.getClusterIP().equals(old.getClusterIP())) {
                spec.clearClusterIP().clearClusterIPs();
            }
            spec.clearIpFamilies().clearIpFamilyPolicy();
            if (spec.getInternalTrafficPolicy().equals(old.getInternalTrafficPolicy())) {
                spec.clearInternalTrafficPolicy();
            }
        }
        boolean losesPorts = hasNodePorts(old.getType()) && !hasNodePorts(spec.getType());
        if (losesPorts) {
            Set<Integer> given = new HashSet<>();
            old.getPortsList().forEach(port -> given.add(port.getNodePort()));
            for (int i = 0; i < spec.getPortsCount(); i++) {
                if (given.contains(spec.getPorts(i).getNodePort())) {
                    spec.getPortsBuilder(i).clearNodePort();
                }
            }
            if (spec.getExternalTrafficPolicy().equals(old.getExternalTrafficPolicy())) {
                spec.clearExternalTrafficPolicy();
            }
        }
        boolean losesHealth = isHealthChecked(old.getType(), old.getExternalTrafficPolicy())
                && !isHealthChecked(spec.getType(), spec.getExternalTrafficPolicy());
        if (losesHealth && spec.getHealthCheckNodePort() == old.getHealthCheckNodePort()) {
            spec.clearHealthCheckNodePort();
        }
        if (old.getType().equals("LoadBalancer") && !spec.getType().equals("LoadBalancer")) {
            spec.clearAllocateLoadBalancerNodePorts().clearLoadBalancerClass();
        }
    }

    private static boolean hasNodePorts(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static boolean isHealthChecked(String type, String policy) {
        return type.equals("LoadBalancer") && policy.equals("Local");
    }
}
