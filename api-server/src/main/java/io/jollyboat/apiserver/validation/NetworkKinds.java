package io.jollyboat.apiserver.validation;

import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.IngressClass;
import io.jollyboat.api.networking.v1.NetworkPolicy;
import io.jollyboat.api.networking.v1.ServiceCIDR;

/** Validators of what concerns the network. */
final class NetworkKinds {
    private NetworkKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(EndpointSlice.class, EndpointSliceRules::endpointSlice, EndpointSliceRules::endpointSliceUpdate);
        registry.add(Ingress.class, IngressRules::ingress);
        registry.subresource(Ingress.class, "status", IngressRules::statusUpdate);
        registry.add(IngressClass.class, IngressClassRules::create, IngressClassRules::update);
        registry.add(NetworkPolicy.class, NetworkPolicyRules::networkPolicy);
        registry.add(IPAddress.class, ServiceNetworkRules::address, ServiceNetworkRules::addressUpdate);
        registry.add(ServiceCIDR.class, ServiceNetworkRules::range, ServiceNetworkRules::rangeUpdate);
    }
}
