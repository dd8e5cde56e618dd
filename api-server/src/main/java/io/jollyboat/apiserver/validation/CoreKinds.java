package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.LimitRange;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodTemplate;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceAccount;

/** Validators of the core group and of events. */
final class CoreKinds {
    private CoreKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(Pod.class, PodRules::create, PodRules::update);
        registry.subresource(Pod.class, "status", PodStatusRules::update);
        registry.subresource(Pod.class, "ephemeralcontainers", EphemeralContainerRules::update);
        registry.subresource(Pod.class, "resize", PodResizeRules::update);
        registry.add(PodTemplate.class, PodRules::podTemplate);
        registry.add(Service.class, ServiceRules::create, ServiceRules::update);
        registry.subresource(Service.class, "status", ServiceStatusRules::update);
        registry.add(ConfigMap.class, CoreRules::configMap, CoreRules::configMapUpdate);
        registry.add(Secret.class, CoreRules::secret, CoreRules::secretUpdate);
        registry.add(ServiceAccount.class, CoreRules::serviceAccount);
        registry.add(Namespace.class, NamespaceRules::create);
        registry.subresource(Namespace.class, "status", NamespaceRules::statusUpdate);
        registry.subresource(Namespace.class, "finalize", NamespaceRules::finalizeUpdate);
        registry.add(Node.class, NodeRules::create, NodeRules::update);
        registry.subresource(Node.class, "status", NodeRules::update);
        registry.add(Endpoints.class, EndpointsRules::create, EndpointsRules::update);
        registry.add(Event.class, EventRules::old, (errors, event, old) -> EventRules.old(errors, event));
        registry.add(io.jollyboat.api.events.v1.Event.class, EventRules::create, EventRules::update);
        registry.add(
                LimitRange.class, LimitRangeRules::check, (errors, range, old) -> LimitRangeRules.check(errors, range));
        registry.add(ResourceQuota.class, ResourceQuotaRules::create, ResourceQuotaRules::update);
        registry.subresource(ResourceQuota.class, "status", ResourceQuotaRules::statusUpdate);
        registry.add(ReplicationController.class, WorkloadRules::replicationController);
        registry.subresource(ReplicationController.class, "status", StatusRules::replicationController);
    }
}
