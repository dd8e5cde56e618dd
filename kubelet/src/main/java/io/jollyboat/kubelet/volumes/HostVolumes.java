package io.jollyboat.kubelet.volumes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EmptyDirVolumeSource;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.cri.v1.Mount;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kubelet.env.DownwardFields;
import io.jollyboat.kubelet.env.EnvironmentException;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Quantities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Volumes in folders and tmpfs mounts of this host. */
public final class HostVolumes implements PodVolumes {
    private final Path podsDir;
    private final ReferencedObjects objects;
    private final ServiceAccountTokens tokens;
    private final DownwardFields downward;
    private final String nodeIp;
    private final Runtime runtime;

    /** @param podsDir the kubelet's {@code pods} folder */
    public HostVolumes(
            Path podsDir,
            ReferencedObjects objects,
            ServiceAccountTokens tokens,
            DownwardFields downward,
            String nodeIp,
            Runtime runtime) {
        this.podsDir = podsDir;
        this.objects = objects;
        this.tokens = tokens;
        this.downward = downward;
        this.nodeIp = nodeIp;
        this.runtime = runtime;
    }

    @Override
    public Result setUp(Pod pod, PodStatus status) {
        Map<String, String> failures = new LinkedHashMap<>();
        Instant renewAt = null;
        for (Volume volume : pod.getSpec().getVolumesList()) {
            try {
                Instant due = setUp(pod, status, volume);
                renewAt = due != null && (renewAt == null || due.isBefore(renewAt)) ? due : renewAt;
            } catch (VolumeException | EnvironmentException | ApiException e) {
                failures.put(volume.getName(), e.getMessage());
            } catch (IOException e) {
                failures.put(volume.getName(), e.toString());
            }
        }
        return new Result(failures, renewAt == null ? null : Duration.between(runtime.now(), renewAt));
    }

    /** Answers when the content is due for renewal, or null. */
    private Instant setUp(Pod pod, PodStatus status, Volume volume) throws IOException {
        VolumeSource source = volume.getVolumeSource();
        VolumeContent content = new VolumeContent(objects, tokens, downward, nodeIp, pod, status);
        if (source.hasHostPath()) {
            HostPaths.check(source.getHostPath());
            return null;
        }
        if (source.hasEmptyDir()) {
            emptyDir(pod, volume, source.getEmptyDir());
            return null;
        }
        if (source.hasConfigMap()) {
            content.configMap(
                    source.getConfigMap().getLocalObjectReference().getName(),
                    source.getConfigMap().getItemsList(),
                    source.getConfigMap().hasDefaultMode()
                            ? source.getConfigMap().getDefaultMode()
                            : 0644,
                    source.getConfigMap().getOptional());
        } else if (source.hasSecret()) {
            content.secret(
                    source.getSecret().getSecretName(),
                    source.getSecret().getItemsList(),
                    source.getSecret().hasDefaultMode() ? source.getSecret().getDefaultMode() : 0644,
                    source.getSecret().getOptional());
        } else if (source.hasDownwardAPI()) {
            content.downward(
                    source.getDownwardAPI().getItemsList(),
                    source.getDownwardAPI().hasDefaultMode()
                            ? source.getDownwardAPI().getDefaultMode()
                            : 0644);
        } else if (source.hasProjected()) {
            content.projected(source.getProjected());
        } else {
            throw VolumeTypes.unsupported(source);
        }
        Path target = folder(pod, volume);
        if (!Files.isDirectory(target)) {
            Files.createDirectories(target);
        }
        if (!source.hasConfigMap() && MountCalls.under(target).isEmpty()) {
            // What is secret, or comes with secrets, never reaches a disk.
            MountCalls.tmpfs(target, "mode=0755");
        }
        long group = group(pod);
        Ownership.apply(target, -1, group, group < 0 ? 0777 | 01000 : 03777);
        new AtomicWriter(target, runtime).write(content.payload(), group);
        return content.renewAt();
    }

    private void emptyDir(Pod pod, Volume volume, EmptyDirVolumeSource source) throws IOException {
        Path target = folder(pod, volume);
        boolean fresh = !Files.isDirectory(target);
        if (fresh) {
            Files.createDirectories(target);
        }
        switch (source.getMedium()) {
            case "" -> {}
            case "Memory" -> {
                if (MountCalls.under(target).isEmpty()) {
                    fresh = true;
                    long size = source.hasSizeLimit() ? Quantities.value(source.getSizeLimit()) : 0;
                    MountCalls.tmpfs(target, size > 0 ? "size=" + size : "");
                }
            }
            default -> throw new VolumeException("unknown storage medium \"" + source.getMedium() + "\"");
        }
        if (fresh) {
            Ownership.apply(target, -1, -1, 0777);
            if (group(pod) >= 0) {
                Ownership.share(target, group(pod));
            }
        }
    }

    @Override
    public List<Mount> mounts(Pod pod, Container container, Map<String, String> environment) {
        return new VolumeMounts(pod, environment, volume -> hostPath(pod, volume)).of(container);
    }

    @Override
    public void tearDown(String podUid) {
        Path folder = podsDir.resolve(podUid);
        try {
            if (Files.isDirectory(folder)) {
                for (Path mount : MountCalls.under(folder)) {
                    MountCalls.unmount(mount);
                }
                FileTrees.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tokens.forget(podUid);
    }

    @Override
    public List<String> podUids() {
        if (!Files.isDirectory(podsDir)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(podsDir)) {
            return folders.map(f -> f.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path hostPath(Pod pod, Volume volume) {
        return volume.getVolumeSource().hasHostPath()
                ? Path.of(volume.getVolumeSource().getHostPath().getPath())
                : folder(pod, volume);
    }

    private Path folder(Pod pod, Volume volume) {
        return podsDir.resolve(pod.getMetadata().getUid())
                .resolve("volumes")
                .resolve(VolumeTypes.pluginFolder(volume.getVolumeSource()))
                .resolve(volume.getName());
    }

    private static long group(Pod pod) {
        return pod.getSpec().getSecurityContext().hasFsGroup()
                ? pod.getSpec().getSecurityContext().getFsGroup()
                : -1;
    }
}
