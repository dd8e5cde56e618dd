package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerMetadata;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.KeyValue;
import io.jollyboat.cri.v1.LinuxContainerConfig;
import io.jollyboat.cri.v1.Mount;
import io.jollyboat.kubelet.cgroups.PodResources;
import io.jollyboat.kubelet.cri.CriLabels;
import io.jollyboat.kubelet.dns.PodNames;
import io.jollyboat.kubelet.env.Environments;
import io.jollyboat.kubelet.env.Expansion;
import io.jollyboat.kubelet.images.ImageState;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.volumes.PodVolumes;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a container is made from. */
final class ContainerConfigs {
    private final PodPaths paths;
    private final Environments environments;
    private final PodVolumes volumes;
    private final String clusterDomain;
    private final long memoryCapacity;
    private final Runtime runtime;
    private final boolean onHost;

    /** @param onHost files of the container are made on this host; not so on simulated nodes */
    ContainerConfigs(
            PodPaths paths,
            Environments environments,
            PodVolumes volumes,
            String clusterDomain,
            long memoryCapacity,
            Runtime runtime,
            boolean onHost) {
        this.paths = paths;
        this.environments = environments;
        this.volumes = volumes;
        this.clusterDomain = clusterDomain;
        this.memoryCapacity = memoryCapacity;
        this.runtime = runtime;
        this.onHost = onHost;
    }

    /**
     * EnvironmentException or VolumeException when it cannot be configured.
     *
     * @param status with the pod's address
     */
    ContainerConfig of(Pod pod, Action.StartContainer start, ImageState.Present image, PodStatus status) {
        Container spec = start.container();
        int restartCount = start.restartCount();
        Map<String, String> variables = environments.of(pod, spec, status);
        PodId id = PodId.of(pod);
        ContainerConfig.Builder config = ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder().setName(spec.getName()).setAttempt(restartCount))
                .setImage(ImageSpec.newBuilder()
                        .setImage(
                                image.image().getId().isEmpty()
                                        ? image.spec()
                                        : image.image().getId())
                        .setUserSpecifiedImage(spec.getImage()))
                .setWorkingDir(spec.getWorkingDir())
                .putLabels(CriLabels.POD_NAME, id.name())
                .putLabels(CriLabels.POD_NAMESPACE, id.namespace())
                .putLabels(CriLabels.POD_UID, id.uid())
                .putLabels(CriLabels.CONTAINER_NAME, spec.getName())
                .putAnnotations(CriLabels.CONTAINER_HASH, Specs.hash(spec))
                .putAnnotations(CriLabels.RESTART_COUNT, Integer.toString(restartCount))
                .putAnnotations(CriLabels.TERMINATION_MESSAGE_PATH, spec.getTerminationMessagePath())
                .putAnnotations(CriLabels.TERMINATION_MESSAGE_POLICY, spec.getTerminationMessagePolicy())
                .putAnnotations(
                        CriLabels.POD_GRACE_PERIOD,
                        Long.toString(Specs.gracePeriod(pod).toSeconds()))
                .setLogPath(PodPaths.logFile(spec.getName(), restartCount))
                .setStdin(spec.getStdin())
                .setStdinOnce(spec.getStdinOnce())
                .setTty(spec.getTty())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(PodResources.of(pod, spec, memoryCapacity))
                        .setSecurityContext(SecurityProfiles.of(
                                pod, spec, image.image(), paths.rootDir().resolve("seccomp"), start.target())));
        spec.getCommandList().forEach(c -> config.addCommand(Expansion.expand(c, variables)));
        spec.getArgsList().forEach(a -> config.addArgs(Expansion.expand(a, variables)));
        variables.forEach((name, value) ->
                config.addEnvs(KeyValue.newBuilder().setKey(name).setValue(value)));
        config.addAllMounts(volumes.mounts(pod, spec, variables));
        if (onHost) {
            addOwnFiles(config, pod, spec, status);
        }
        return config.build();
    }

    private void addOwnFiles(ContainerConfig.Builder config, Pod pod, Container spec, PodStatus status) {
        try {
            boolean ownHosts = config.getMountsList().stream()
                    .anyMatch(m -> m.getContainerPath().equals("/etc/hosts"));
            List<String> ips =
                    status.getPodIPsList().stream().map(ip -> ip.getIp()).toList();
            if (!ownHosts && !ips.isEmpty()) {
                config.addMounts(hosts(pod, spec, ips));
            }
            if (!spec.getTerminationMessagePath().isEmpty()) {
                config.addMounts(terminationLog(pod, spec));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Mount hosts(Pod pod, Container spec, List<String> ips) throws IOException {
        Path file = paths.hosts(pod.getMetadata().getUid());
        Files.createDirectories(file.getParent());
        Path hosts = Path.of("/etc/hosts");
        String ofHost = pod.getSpec().getHostNetwork() && Files.exists(hosts) ? Files.readString(hosts) : "";
        Files.writeString(file, new PodNames(pod, clusterDomain).hostsFile(ips, ofHost));
        return Mount.newBuilder()
                .setHostPath(file.toString())
                .setContainerPath("/etc/hosts")
                .setReadonly(spec.getSecurityContext().getReadOnlyRootFilesystem())
                .build();
    }

    private Mount terminationLog(Pod pod, Container spec) throws IOException {
        Path folder = paths.container(pod.getMetadata().getUid(), spec.getName());
        Files.createDirectories(folder);
        Path file = folder.resolve(
                String.format(java.util.Locale.ROOT, "%08x", runtime.random().nextInt()));
        Files.createFile(file);
        // Whoever the container runs as writes there.
        Files.setAttribute(file, "unix:mode", 0666);
        return Mount.newBuilder()
                .setHostPath(file.toString())
                .setContainerPath(spec.getTerminationMessagePath())
                .build();
    }
}
