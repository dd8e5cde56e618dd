package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.outbound.Address;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** Where a Service that an object refers to is reached: at its cluster IP, as upstream does by default. */
public final class ServiceAddress {
    private static final ResourceType<Service> SERVICES = Kinds.of(Service.class);

    private final ObjectLookup objects;

    public ServiceAddress(ObjectLookup objects) {
        this.objects = objects;
    }

    public Address resolve(String namespace, String name, int port) throws CallException {
        Service service = objects.get(SERVICES, ObjectKey.of(namespace, name));
        if (service == null) {
            throw new CallException("service \"" + name + "\" not found");
        }
        String clusterIp = service.getSpec().getClusterIP();
        return switch (service.getSpec().getType()) {
            case "", "ClusterIP", "NodePort", "LoadBalancer" -> {
                if (clusterIp.equals("None")) {
                    throw new CallException("cannot route to service with ClusterIP \"None\"");
                }
                yield new Address(clusterIp, port(service, port));
            }
            case "ExternalName" -> new Address(service.getSpec().getExternalName(), port);
            default ->
                throw new CallException(
                        "unsupported service type \"" + service.getSpec().getType() + "\"");
        };
    }

    private static int port(Service service, int port) throws CallException {
        for (ServicePort one : service.getSpec().getPortsList()) {
            if (one.getPort() == port) {
                return port;
            }
        }
        throw new CallException("no service port " + port + " found for service \""
                + service.getMetadata().getName() + "\"");
    }
}
