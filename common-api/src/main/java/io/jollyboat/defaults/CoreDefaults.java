package io.jollyboat.defaults;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.LimitRangeItem;
import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.NodeSpec;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.PersistentVolumeClaimSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.core.v1.TypedLocalObjectReference;
import io.jollyboat.api.core.v1.TypedObjectReference;
import io.jollyboat.values.IntOrStrings;
import java.util.Map;

/** The core group's kinds other than pods. */
final class CoreDefaults {
    private static final int CLIENT_IP_SECONDS = 10_800;

    private CoreDefaults() {}

    static void register() {
        ComputedDefaults.add(Service.getDefaultInstance(), CoreDefaults::service);
        ComputedDefaults.add(ServiceSpec.getDefaultInstance(), CoreDefaults::serviceSpec);
        ComputedDefaults.add(ServicePort.getDefaultInstance(), CoreDefaults::servicePort);
        ComputedDefaults.add(Secret.getDefaultInstance(), CoreDefaults::secret);
        ComputedDefaults.add(Namespace.getDefaultInstance(), CoreDefaults::namespace);
        ComputedDefaults.add(NodeStatus.getDefaultInstance(), CoreDefaults::nodeStatus);
        ComputedDefaults.add(NodeSpec.getDefaultInstance(), CoreDefaults::nodeSpec);
        ComputedDefaults.add(LimitRangeItem.getDefaultInstance(), CoreDefaults::limitRangeItem);
        ComputedDefaults.add(PersistentVolumeClaimSpec.getDefaultInstance(), CoreDefaults::claimSpec);
        ComputedDefaults.add(ReplicationController.getDefaultInstance(), CoreDefaults::replicationController);
    }

    private static Service service(Service service) {
        if (!service.getSpec().getType().equals("LoadBalancer")) {
            return service;
        }
        Service.Builder builder = service.toBuilder();
        for (LoadBalancerIngress.Builder ingress :
                builder.getStatusBuilder().getLoadBalancerBuilder().getIngressBuilderList()) {
            if (!ingress.getIp().isEmpty() && !ingress.hasIpMode()) {
                ingress.setIpMode("VIP");
            }
        }
        return builder.build();
    }

    private static ServiceSpec serviceSpec(ServiceSpec spec) {
        ServiceSpec.Builder builder = spec.toBuilder();
        boolean clientIp = spec.getSessionAffinity().equals("ClientIP");
        if (!clientIp
                && (spec.getSessionAffinity().isEmpty()
                        || spec.getSessionAffinity().equals("None"))) {
            builder.clearSessionAffinityConfig();
        }
        if (clientIp && !spec.getSessionAffinityConfig().getClientIP().hasTimeoutSeconds()) {
            builder.getSessionAffinityConfigBuilder().getClientIPBuilder().setTimeoutSeconds(CLIENT_IP_SECONDS);
        }
        String type = spec.getType().isEmpty() ? "ClusterIP" : spec.getType();
        boolean balanced = type.equals("LoadBalancer");
        boolean outside =
                balanced || type.equals("NodePort") || (type.equals("ClusterIP") && spec.getExternalIPsCount() > 0);
        if (outside && !spec.hasExternalTrafficPolicy()) {
            builder.setExternalTrafficPolicy("Cluster");
        }
        if (!spec.hasInternalTrafficPolicy() && !type.equals("ExternalName")) {
            builder.setInternalTrafficPolicy("Cluster");
        }
        if (balanced && !spec.hasAllocateLoadBalancerNodePorts()) {
            builder.setAllocateLoadBalancerNodePorts(true);
        }
        return builder.build();
    }

    private static ServicePort servicePort(ServicePort port) {
        boolean set = IntOrStrings.isString(port.getTargetPort())
                ? !port.getTargetPort().getStrVal().isEmpty()
                : port.getTargetPort().getIntVal() != 0;
        return set
                ? port
                : port.toBuilder()
                        .setTargetPort(IntOrStrings.of(port.getPort()))
                        .build();
    }

    /** stringData is for writing only. */
    private static Secret secret(Secret secret) {
        if (secret.getStringDataCount() == 0) {
            return secret;
        }
        Secret.Builder builder = secret.toBuilder().clearStringData();
        secret.getStringDataMap().forEach((key, value) -> builder.putData(key, ByteString.copyFromUtf8(value)));
        return builder.build();
    }

    private static Namespace namespace(Namespace namespace) {
        String name = namespace.getMetadata().getName();
        if (name.isEmpty() || name.equals(namespace.getMetadata().getLabelsMap().get("kubernetes.io/metadata.name"))) {
            return namespace;
        }
        Namespace.Builder builder = namespace.toBuilder();
        builder.getMetadataBuilder().putLabels("kubernetes.io/metadata.name", name);
        return builder.build();
    }

    private static NodeStatus nodeStatus(NodeStatus status) {
        return status.getAllocatableCount() > 0 || status.getCapacityCount() == 0
                ? status
                : status.toBuilder().putAllAllocatable(status.getCapacityMap()).build();
    }

    /** podCIDR is the first of podCIDRs. */
    private static NodeSpec nodeSpec(NodeSpec spec) {
        if (spec.getPodCIDRsCount() == 0) {
            return spec.getPodCIDR().isEmpty()
                    ? spec
                    : spec.toBuilder().addPodCIDRs(spec.getPodCIDR()).build();
        }
        return spec.getPodCIDRs(0).equals(spec.getPodCIDR())
                ? spec
                : spec.toBuilder().setPodCIDR(spec.getPodCIDRs(0)).build();
    }

    private static LimitRangeItem limitRangeItem(LimitRangeItem item) {
        if (!item.getType().equals("Container")) {
            return item;
        }
        LimitRangeItem.Builder builder = item.toBuilder();
        item.getMaxMap().forEach((name, value) -> {
            if (!builder.containsDefault(name)) {
                builder.putDefault(name, value);
            }
        });
        Map.copyOf(builder.getDefaultMap()).forEach((name, value) -> {
            if (!builder.containsDefaultRequest(name)) {
                builder.putDefaultRequest(name, value);
            }
        });
        item.getMinMap().forEach((name, value) -> {
            if (!builder.containsDefaultRequest(name)) {
                builder.putDefaultRequest(name, value);
            }
        });
        return builder.build();
    }

    /** The old and the new field for a volume's source say the same, where the old one can. */
    private static PersistentVolumeClaimSpec claimSpec(PersistentVolumeClaimSpec spec) {
        if (spec.hasDataSource() == spec.hasDataSourceRef()) {
            return spec;
        }
        PersistentVolumeClaimSpec.Builder builder = spec.toBuilder();
        if (spec.hasDataSource()) {
            TypedObjectReference.Builder reference = builder.getDataSourceRefBuilder()
                    .setKind(spec.getDataSource().getKind())
                    .setName(spec.getDataSource().getName());
            if (spec.getDataSource().hasApiGroup()) {
                reference.setApiGroup(spec.getDataSource().getApiGroup());
            }
        } else if (spec.getDataSourceRef().getNamespace().isEmpty()) {
            TypedLocalObjectReference.Builder source = builder.getDataSourceBuilder()
                    .setKind(spec.getDataSourceRef().getKind())
                    .setName(spec.getDataSourceRef().getName());
            if (spec.getDataSourceRef().hasApiGroup()) {
                source.setApiGroup(spec.getDataSourceRef().getApiGroup());
            }
        }
        return builder.build();
    }

    private static ReplicationController replicationController(ReplicationController controller) {
        Map<String, String> labels =
                controller.getSpec().getTemplate().getMetadata().getLabelsMap();
        if (labels.isEmpty()) {
            return controller;
        }
        ReplicationController.Builder builder = controller.toBuilder();
        if (controller.getSpec().getSelectorCount() == 0) {
            builder.getSpecBuilder().putAllSelector(labels);
        }
        if (controller.getMetadata().getLabelsCount() == 0) {
            builder.getMetadataBuilder().putAllLabels(labels);
        }
        return builder.build();
    }
}
