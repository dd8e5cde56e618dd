package io.jollyboat.kubelet.volumes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.cri.v1.Mount;
import io.jollyboat.cri.v1.MountPropagation;
import io.jollyboat.kubelet.env.Expansion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Where a container sees the pod's volumes. */
final class VolumeMounts {
    private final Pod pod;
    private final Map<String, String> environment;
    private final Function<Volume, Path> hostPath;

    VolumeMounts(Pod pod, Map<String, String> environment, Function<Volume, Path> hostPath) {
        this.pod = pod;
        this.environment = environment;
        this.hostPath = hostPath;
    }

    List<Mount> of(Container container) {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.getVolumeMountsList()) {
            Volume volume = pod.getSpec().getVolumesList().stream()
                    .filter(v -> v.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow(() -> new VolumeException("cannot find volume \"" + mount.getName()
                            + "\" to mount into container \"" + container.getName() + "\""));
            String target = mount.getMountPath().startsWith("/") ? mount.getMountPath() : "/" + mount.getMountPath();
            mounts.add(Mount.newBuilder()
                    .setHostPath(source(mount, hostPath.apply(volume)).toString())
                    .setContainerPath(target)
                    .setReadonly(mount.getReadOnly())
                    .setPropagation(propagation(mount))
                    .build());
        }
        return mounts;
    }

    private Path source(VolumeMount mount, Path volume) {
        String sub = mount.getSubPathExpr().isEmpty()
                ? mount.getSubPath()
                : Expansion.expand(mount.getSubPathExpr(), environment);
        if (sub.isEmpty()) {
            return volume;
        }
        if (sub.startsWith("/") || List.of(sub.split("/")).contains("..")) {
            throw new VolumeException("subPath \"" + sub + "\" must be relative and may not contain '..'");
        }
        try {
            // The real path is handed on, so that a link put there later leads nowhere else.
            return SubPaths.make(volume, sub);
        } catch (IOException e) {
            throw new VolumeException(
                    "failed to create subPath directory for volumeMount \"" + mount.getName() + "\": " + e.getMessage(),
                    e);
        }
    }

    private static MountPropagation propagation(VolumeMount mount) {
        return switch (mount.getMountPropagation()) {
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
    }
}
