package io.jollyboat.apiserver.openapi;

import java.util.Set;

/**
 * Fields that are always written and may be left out all the same. Clients that check manifests by the document, such as
 * kubectl up to 1.24, would refuse good ones.
 */
final class OptionalFields {
    private static final Set<String> NAMES = Set.of(
            "io.k8s.api.apps.v1.StatefulSetOrdinals.start",
            "io.k8s.api.apps.v1.StatefulSetSpec.serviceName",
            "io.k8s.api.apps.v1.StatefulSetStatus.availableReplicas",
            "io.k8s.api.authentication.v1.TokenRequest.spec",
            "io.k8s.api.authentication.v1.TokenRequestSpec.audiences",
            "io.k8s.api.authentication.v1.TokenRequestSpec.boundObjectRef",
            "io.k8s.api.authentication.v1.TokenRequestSpec.expirationSeconds",
            "io.k8s.api.authentication.v1.TokenRequestStatus.expirationTimestamp",
            "io.k8s.api.authentication.v1.TokenRequestStatus.token",
            "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus.currentMetrics",
            "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern.status",
            "io.k8s.api.core.v1.AzureFilePersistentVolumeSource.secretNamespace",
            "io.k8s.api.core.v1.ContainerImage.names",
            "io.k8s.api.core.v1.Event.reportingComponent",
            "io.k8s.api.core.v1.Event.reportingInstance",
            "io.k8s.api.core.v1.GRPCAction.service",
            "io.k8s.api.core.v1.NodeRuntimeHandler.name",
            "io.k8s.api.core.v1.ProjectedVolumeSource.sources",
            "io.k8s.api.core.v1.TypedLocalObjectReference.apiGroup",
            "io.k8s.api.core.v1.TypedObjectReference.apiGroup",
            "io.k8s.api.discovery.v1.EndpointSlice.endpoints",
            "io.k8s.api.discovery.v1.EndpointSlice.ports",
            "io.k8s.api.events.v1.Event.metadata",
            "io.k8s.api.flowcontrol.v1.FlowSchemaSpec.matchingPrecedence",
            "io.k8s.api.flowcontrol.v1.LimitResponse.queuing",
            "io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares",
            "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec.limited",
            "io.k8s.api.flowcontrol.v1.QueuingConfiguration.handSize",
            "io.k8s.api.flowcontrol.v1.QueuingConfiguration.queueLengthLimit",
            "io.k8s.api.flowcontrol.v1.QueuingConfiguration.queues",
            "io.k8s.api.flowcontrol.v1.ResourcePolicyRule.namespaces",
            "io.k8s.api.networking.v1.IngressClassParametersReference.scope",
            "io.k8s.api.networking.v1.NetworkPolicySpec.podSelector",
            "io.k8s.api.policy.v1.PodDisruptionBudgetStatus.currentHealthy",
            "io.k8s.api.policy.v1.PodDisruptionBudgetStatus.desiredHealthy",
            "io.k8s.api.policy.v1.PodDisruptionBudgetStatus.disruptionsAllowed",
            "io.k8s.api.policy.v1.PodDisruptionBudgetStatus.expectedPods",
            "io.k8s.api.rbac.v1.ClusterRole.rules",
            "io.k8s.api.rbac.v1.Role.rules",
            "io.k8s.api.rbac.v1.RoleRef.apiGroup",
            "io.k8s.api.resource.v1.AllocatedDeviceStatus.conditions",
            "io.k8s.api.resource.v1.CapacityRequestPolicy.default",
            "io.k8s.api.resource.v1.DeviceClaim.requests",
            "io.k8s.api.resource.v1.ResourceClaimSpec.devices",
            "io.k8s.api.scheduling.v1.PriorityClass.value",
            "io.k8s.api.storage.v1.CSINodeDriver.topologyKeys",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus.acceptedNames",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus.conditions",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus.storedVersions");

    private OptionalFields() {}

    static boolean has(String type, String field) {
        return NAMES.contains(type + "." + field);
    }
}
