package io.jollyboat.kubelet.cri;

import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerState;
import io.jollyboat.cri.v1.ContainerStatus;

/** The state of one container; guarded by its runtime. */
final class SimulatedContainer {
    final String id;
    final String sandboxId;
    final ContainerConfig config;
    private final long createdAt;
    ContainerState state = ContainerState.CONTAINER_CREATED;
    private long startedAt;
    private long finishedAt;
    private int exitCode;

    SimulatedContainer(String id, String sandboxId, ContainerConfig config, long nowNanos) {
        this.id = id;
        this.sandboxId = sandboxId;
        this.config = config;
        this.createdAt = nowNanos;
    }

    void start(long nowNanos) {
        state = ContainerState.CONTAINER_RUNNING;
        startedAt = nowNanos;
    }

    void end(int code, long nowNanos) {
        state = ContainerState.CONTAINER_EXITED;
        finishedAt = nowNanos;
        exitCode = code;
    }

    Container listed() {
        return Container.newBuilder()
                .setId(id)
                .setPodSandboxId(sandboxId)
                .setMetadata(config.getMetadata())
                .setImage(config.getImage())
                .setState(state)
                .setCreatedAt(createdAt)
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .build();
    }

    ContainerStatus status() {
        boolean ended = state == ContainerState.CONTAINER_EXITED;
        return ContainerStatus.newBuilder()
                .setId(id)
                .setMetadata(config.getMetadata())
                .setImage(config.getImage().toBuilder()
                        .setImage(config.getImage().getUserSpecifiedImage())
                        .build())
                .setImageRef(config.getImage().getImage())
                .setState(state)
                .setCreatedAt(createdAt)
                .setStartedAt(startedAt)
                .setFinishedAt(finishedAt)
                .setExitCode(exitCode)
                .setReason(!ended ? "" : exitCode == 0 ? "Completed" : "Error")
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .build();
    }
}
