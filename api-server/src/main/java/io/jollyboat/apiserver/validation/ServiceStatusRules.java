package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.values.Names;

/** The rules of what a load balancer reports on a service. */
final class ServiceStatusRules {
    private ServiceStatusRules() {}

    static void update(Errors errors, Service service, Service old) {
        MetaRules.checkUpdate(errors, service.getMetadata(), old.getMetadata(), "metadata");
        boolean balanced = service.getSpec().getType().equals("LoadBalancer");
        for (int i = 0; i < service.getStatus().getLoadBalancer().getIngressCount(); i++) {
            LoadBalancerIngress ingress = service.getStatus().getLoadBalancer().getIngress(i);
            String at = "status.loadBalancer.ingress[" + i + "]";
            if (!balanced
                    && !service.getStatus()
                            .getLoadBalancer()
                            .equals(old.getStatus().getLoadBalancer())) {
                errors.forbidden(
                        "status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
                return;
            }
            if (!ingress.getIp().isEmpty()) {
                Addresses.ip(errors, ingress.getIp(), at + ".ip");
            }
            if (ingress.hasIpMode() && ingress.getIp().isEmpty()) {
                errors.forbidden(at + ".ipMode", "may not be specified when `ip` is not set");
            } else if (ingress.hasIpMode()) {
                errors.oneOf(at + ".ipMode", ingress.getIpMode(), "Proxy", "VIP");
            }
            if (!ingress.getHostname().isEmpty()) {
                errors.invalid(at + ".hostname", ingress.getHostname(), Names.dns1123Subdomain(ingress.getHostname()));
                if (Addresses.parse(ingress.getHostname()) != null) {
                    errors.invalid(at + ".hostname", ingress.getHostname(), "must be a DNS name, not an IP address");
                }
            }
        }
    }
}
