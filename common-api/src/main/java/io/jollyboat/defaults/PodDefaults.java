package io.jollyboat.defaults;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.EmptyDirVolumeSource;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.ImageVolumeSource;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodIP;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pods and what they consist of. */
final class PodDefaults {
    private PodDefaults() {}

    static void register() {
        ComputedDefaults.add(Pod.getDefaultInstance(), PodDefaults::pod);
        ComputedDefaults.add(PodSpec.getDefaultInstance(), PodDefaults::podSpec);
        ComputedDefaults.add(PodStatus.getDefaultInstance(), PodDefaults::podStatus);
        ComputedDefaults.add(Container.getDefaultInstance(), PodDefaults::container);
        ComputedDefaults.add(EphemeralContainerCommon.getDefaultInstance(), PodDefaults::ephemeralContainer);
        ComputedDefaults.add(Volume.getDefaultInstance(), PodDefaults::volume);
        ComputedDefaults.add(ImageVolumeSource.getDefaultInstance(), PodDefaults::imageVolume);
    }

    private static Pod pod(Pod pod) {
        PodSpec.Builder spec = pod.getSpec().toBuilder();
        for (int i = 0; i < spec.getContainersCount(); i++) {
            spec.setContainers(i, withRequests(spec.getContainers(i), spec.getHostNetwork()));
        }
        for (int i = 0; i < spec.getInitContainersCount(); i++) {
            spec.setInitContainers(i, withRequests(spec.getInitContainers(i), spec.getHostNetwork()));
        }
        if (spec.hasResources()) {
            spec.setResources(podResources(spec));
        }
        if (!spec.hasEnableServiceLinks()) {
            spec.setEnableServiceLinks(true);
        }
        return pod.toBuilder().setSpec(spec).build();
    }

    /** A limit without a request is the request too; on the host's network a container's port is the host's. */
    private static Container withRequests(Container container, boolean hostNetwork) {
        Container.Builder builder = null;
        ResourceRequirements resources = container.getResources();
        for (Map.Entry<String, Quantity> limit : resources.getLimitsMap().entrySet()) {
            if (!resources.containsRequests(limit.getKey())) {
                builder = builder == null ? container.toBuilder() : builder;
                builder.getResourcesBuilder().putRequests(limit.getKey(), limit.getValue());
            }
        }
        for (int i = 0; hostNetwork && i < container.getPortsCount(); i++) {
            ContainerPort port = container.getPorts(i);
            if (port.getHostPort() == 0) {
                builder = builder == null ? container.toBuilder() : builder;
                builder.setPorts(i, port.toBuilder().setHostPort(port.getContainerPort()));
            }
        }
        return builder == null ? container : builder.build();
    }

    /** Requests of the pod as a whole: what its containers request, else its limits. */
    private static ResourceRequirements podResources(PodSpec.Builder spec) {
        ResourceRequirements.Builder resources = spec.getResources().toBuilder();
        if (resources.getLimitsCount() == 0) {
            return resources.build();
        }
        Map<String, Quantity> sums = new LinkedHashMap<>();
        for (Container container : spec.getContainersList()) {
            container
                    .getResources()
                    .getRequestsMap()
                    .forEach((name, value) -> sums.merge(name, value, Quantities::add));
        }
        for (Container container : spec.getInitContainersList()) {
            container
                    .getResources()
                    .getRequestsMap()
                    .forEach((name, value) -> sums.merge(name, value, Quantities::max));
        }
        sums.forEach((name, sum) -> {
            if (List.of("cpu", "memory").contains(name) && !resources.containsRequests(name)) {
                resources.putRequests(name, sum);
            }
        });
        Map.copyOf(resources.getLimitsMap()).forEach((name, limit) -> {
            boolean supported = name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-");
            if (supported && !resources.containsRequests(name)) {
                resources.putRequests(name, limit);
            }
        });
        return resources.build();
    }

    /** The old name of serviceAccountName is kept equal to it. */
    private static PodSpec podSpec(PodSpec spec) {
        String account =
                spec.getServiceAccountName().isEmpty() ? spec.getServiceAccount() : spec.getServiceAccountName();
        if (account.equals(spec.getServiceAccountName()) && account.equals(spec.getServiceAccount())) {
            return spec;
        }
        return spec.toBuilder()
                .setServiceAccountName(account)
                .setServiceAccount(account)
                .build();
    }

    /** podIP is the first of podIPs. */
    private static PodStatus podStatus(PodStatus status) {
        if (status.getPodIPsCount() == 0) {
            return status.getPodIP().isEmpty()
                    ? status
                    : status.toBuilder()
                            .addPodIPs(PodIP.newBuilder().setIp(status.getPodIP()))
                            .build();
        }
        String first = status.getPodIPs(0).getIp();
        return first.equals(status.getPodIP())
                ? status
                : status.toBuilder().setPodIP(first).build();
    }

    private static Container container(Container container) {
        return container.hasImagePullPolicy()
                ? container
                : container.toBuilder()
                        .setImagePullPolicy(pullPolicy(container.getImage()))
                        .build();
    }

    private static EphemeralContainerCommon ephemeralContainer(EphemeralContainerCommon container) {
        return container.hasImagePullPolicy()
                ? container
                : container.toBuilder()
                        .setImagePullPolicy(pullPolicy(container.getImage()))
                        .build();
    }

    private static Volume volume(Volume volume) {
        if (!volume.getVolumeSource().getAllFields().isEmpty()) {
            return volume;
        }
        Volume.Builder builder = volume.toBuilder();
        builder.getVolumeSourceBuilder().setEmptyDir(EmptyDirVolumeSource.getDefaultInstance());
        return builder.build();
    }

    private static ImageVolumeSource imageVolume(ImageVolumeSource source) {
        return source.hasPullPolicy()
                ? source
                : source.toBuilder()
                        .setPullPolicy(pullPolicy(source.getReference()))
                        .build();
    }

    /** Always for the tag latest, which is also what neither tag nor digest means. */
    static String pullPolicy(String image) {
        int name = image.lastIndexOf('/') + 1;
        int at = image.indexOf('@', name);
        int colon = image.indexOf(':', name);
        boolean readable = image.matches("[a-zA-Z0-9.:_-]*/?[a-z0-9._/-]+(:[\\w.-]+)?(@.+)?");
        boolean latest = at < 0 && (colon < 0 || image.substring(colon + 1).equals("latest"));
        return readable && latest ? "Always" : "IfNotPresent";
    }
}
