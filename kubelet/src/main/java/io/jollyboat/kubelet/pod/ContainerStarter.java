package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.env.EnvironmentException;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.images.ImageState;
import io.jollyboat.kubelet.images.Images;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.status.Waiting;
import io.jollyboat.kubelet.volumes.VolumeException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Image, configuration, creation, start; tells of each in upstream's events. */
final class ContainerStarter {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ContainerRuntime cri;
    private final Images images;
    private final ContainerConfigs configs;
    private final PodEvents events;
    private final Consumer<String> made;

    /** @param made hears a container's id before it is started, so that no end of it is missed */
    ContainerStarter(
            ContainerRuntime cri, Images images, ContainerConfigs configs, PodEvents events, Consumer<String> made) {
        this.cri = cri;
        this.images = images;
        this.configs = configs;
        this.events = events;
        this.made = made;
    }

    /** @param pulled told when a pull that this began has ended */
    StartResult start(
            Pod pod,
            Action.StartContainer action,
            String sandboxId,
            PodSandboxConfig sandbox,
            PodStatus status,
            Runnable pulled) {
        Container spec = action.container();
        String path = Specs.fieldPath(pod, spec.getName());
        switch (images.ensure(pod, spec, sandbox, pulled)) {
            case ImageState.Pulling() -> {
                return new StartResult.Pulling();
            }
            case ImageState.Missing(String reason, String message, Duration again) -> {
                events.warning(pod, path, "Failed", "Error: " + reason);
                return new StartResult.Failed(new Waiting(reason, message), again);
            }
            case ImageState.Present present -> {
                return create(pod, action, sandboxId, sandbox, status, path, present);
            }
        }
    }

    private StartResult create(
            Pod pod,
            Action.StartContainer action,
            String sandboxId,
            PodSandboxConfig sandbox,
            PodStatus status,
            String path,
            ImageState.Present image) {
        ContainerConfig config;
        try {
            config = configs.of(pod, action, image, status);
        } catch (EnvironmentException | VolumeException | ApiException | UncheckedIOException e) {
            return failed(pod, path, "CreateContainerConfigError", e.getMessage(), RETRY);
        }
        String id;
        try {
            id = cri.createContainer(sandboxId, config, sandbox);
        } catch (CriException e) {
            return failed(pod, path, "CreateContainerError", e.getMessage(), RETRY);
        }
        made.accept(id);
        events.normal(pod, path, "Created", "Container created");
        try {
            cri.startContainer(id);
        } catch (CriException e) {
            return failed(pod, path, "RunContainerError", e.getMessage(), null);
        }
        events.normal(pod, path, "Started", "Container started");
        return new StartResult.Started(id);
    }

    private StartResult failed(Pod pod, String path, String reason, String message, Duration again) {
        events.warning(pod, path, "Failed", "Error: " + message);
        return new StartResult.Failed(new Waiting(reason, message), again);
    }
}
