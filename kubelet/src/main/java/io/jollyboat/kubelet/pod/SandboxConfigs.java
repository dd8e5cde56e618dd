package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.Sysctl;
import io.jollyboat.cri.v1.Int64Value;
import io.jollyboat.cri.v1.LinuxPodSandboxConfig;
import io.jollyboat.cri.v1.LinuxSandboxSecurityContext;
import io.jollyboat.cri.v1.NamespaceMode;
import io.jollyboat.cri.v1.NamespaceOption;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxMetadata;
import io.jollyboat.cri.v1.PortMapping;
import io.jollyboat.cri.v1.Protocol;
import io.jollyboat.kubelet.cri.CriLabels;
import io.jollyboat.kubelet.dns.PodDns;
import io.jollyboat.kubelet.dns.PodNames;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.model.Specs;

/** What a pod's sandbox is made from. */
final class SandboxConfigs {
    private final PodPaths paths;
    private final PodDns dns;
    private final String clusterDomain;

    SandboxConfigs(PodPaths paths, PodDns dns, String clusterDomain) {
        this.paths = paths;
        this.dns = dns;
        this.clusterDomain = clusterDomain;
    }

    PodSandboxConfig of(Pod pod, int attempt, String cgroupParent) {
        PodId id = PodId.of(pod);
        PodSandboxConfig.Builder config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(id.name())
                        .setNamespace(id.namespace())
                        .setUid(id.uid())
                        .setAttempt(attempt))
                .setLogDirectory(paths.logs(id).toString())
                .setDnsConfig(dns.of(pod))
                .putAllLabels(pod.getMetadata().getLabelsMap())
                .putLabels(CriLabels.POD_NAME, id.name())
                .putLabels(CriLabels.POD_NAMESPACE, id.namespace())
                .putLabels(CriLabels.POD_UID, id.uid())
                .putAllAnnotations(pod.getMetadata().getAnnotationsMap())
                .putAnnotations(
                        CriLabels.CONFIG_SOURCE,
                        pod.getMetadata().getAnnotationsOrDefault(CriLabels.CONFIG_SOURCE, "api"));
        if (!pod.getSpec().getHostNetwork()) {
            // On the host's network the runtime refuses a name of the pod's own.
            config.setHostname(new PodNames(pod, clusterDomain).hostname());
            Specs.containers(pod)
                    .flatMap(c -> c.getPortsList().stream())
                    .filter(p -> p.getHostPort() > 0)
                    .forEach(p -> config.addPortMappings(port(p)));
        }
        return config.setLinux(linux(pod, cgroupParent)).build();
    }

    private static PortMapping port(ContainerPort port) {
        return PortMapping.newBuilder()
                .setHostPort(port.getHostPort())
                .setContainerPort(port.getContainerPort())
                .setHostIp(port.getHostIP())
                .setProtocol(
                        switch (port.getProtocol()) {
                            case "UDP" -> Protocol.UDP;
                            case "SCTP" -> Protocol.SCTP;
                            default -> Protocol.TCP;
                        })
                .build();
    }

    private static LinuxPodSandboxConfig linux(Pod pod, String cgroupParent) {
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        boolean privileged =
                Specs.containers(pod).anyMatch(c -> c.getSecurityContext().getPrivileged());
        LinuxSandboxSecurityContext.Builder context = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod))
                .setPrivileged(privileged)
                .setSeccomp(SecurityProfiles.RUNTIME_DEFAULT)
                .addAllSupplementalGroups(security.getSupplementalGroupsList());
        if (security.hasFsGroup()) {
            context.addSupplementalGroups(security.getFsGroup());
        }
        if (security.hasRunAsUser()) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(security.getRunAsUser()));
            if (security.hasRunAsGroup()) {
                context.setRunAsGroup(Int64Value.newBuilder().setValue(security.getRunAsGroup()));
            }
        }
        LinuxPodSandboxConfig.Builder linux =
                LinuxPodSandboxConfig.newBuilder().setCgroupParent(cgroupParent).setSecurityContext(context);
        for (Sysctl sysctl : security.getSysctlsList()) {
            linux.putSysctls(sysctl.getName().replace('/', '.'), sysctl.getValue());
        }
        return linux.build();
    }

    static NamespaceOption namespaces(Pod pod) {
        NamespaceMode pid = pod.getSpec().getHostPID()
                ? NamespaceMode.NODE
                : pod.getSpec().getShareProcessNamespace() ? NamespaceMode.POD : NamespaceMode.CONTAINER;
        return NamespaceOption.newBuilder()
                .setNetwork(pod.getSpec().getHostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(pid)
                .setIpc(pod.getSpec().getHostIPC() ? NamespaceMode.NODE : NamespaceMode.POD)
                .build();
    }
}
