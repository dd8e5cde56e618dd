package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.PodTemplates;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.services.ServicePods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A slice's names, labels and owner. */
final class SliceMeta {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private SliceMeta() {}

    static List<String> addressTypes(Service service) {
        List<String> types = new ArrayList<>(service.getSpec().getIpFamiliesList());
        if (types.isEmpty()) {
            types.add(ServicePods.isIpv6(service.getSpec().getClusterIP()) ? "IPv6" : "IPv4");
        }
        return types;
    }

    /** The Service's own labels, and those that say what the slice is. */
    static Map<String, String> labels(Service service) {
        Map<String, String> labels = new TreeMap<>(service.getMetadata().getLabelsMap());
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (ServicePods.isHeadless(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        labels.put(SERVICE_NAME, service.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        return labels;
    }

    static EndpointSlice newSlice(Service service, String addressType, List<EndpointPort> ports) {
        EndpointSlice.Builder slice =
                EndpointSlice.newBuilder().setAddressType(addressType).addAllPorts(ports);
        slice.getMetadataBuilder()
                .setNamespace(service.getMetadata().getNamespace())
                .setGenerateName(PodTemplates.generateName(service.getMetadata().getName()))
                .addOwnerReferences(Owners.controllerReference(Types.SERVICES, service.getMetadata()))
                .putAllLabels(labels(service));
        return slice.build();
    }

    static boolean ownedBy(EndpointSlice slice, Service service) {
        return slice.getMetadata().getOwnerReferencesList().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(service.getMetadata().getUid())
                                && reference.getKind().equals("Service")
                                && reference.getApiVersion().equals("v1"));
    }

    static boolean isPlaceholder(EndpointSlice slice, EndpointSlice placeholder) {
        return slice.getEndpointsCount() == 0
                && slice.getPortsCount() == 0
                && slice.getMetadata()
                        .getLabelsMap()
                        .equals(placeholder.getMetadata().getLabelsMap())
                && slice.getMetadata()
                        .getOwnerReferencesList()
                        .equals(placeholder.getMetadata().getOwnerReferencesList());
    }
}
