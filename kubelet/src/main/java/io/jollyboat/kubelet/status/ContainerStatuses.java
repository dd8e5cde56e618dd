package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerState;
import io.jollyboat.api.core.v1.ContainerStateRunning;
import io.jollyboat.api.core.v1.ContainerStateTerminated;
import io.jollyboat.api.core.v1.ContainerStateWaiting;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.api.core.v1.VolumeMountStatus;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.values.Times;
import java.util.List;
import java.util.Optional;

/** The status of each container. Pure. */
final class ContainerStatuses {
    private final Pod pod;
    private final ObservedPod observed;
    private final StatusInputs inputs;

    ContainerStatuses(Pod pod, ObservedPod observed, StatusInputs inputs) {
        this.pod = pod;
        this.observed = observed;
        this.inputs = inputs;
    }

    List<ContainerStatus> of(List<Container> specs, boolean init) {
        return specs.stream().map(spec -> of(spec, init)).toList();
    }

    /** Nobody asks whether these have started, or are ready. */
    List<ContainerStatus> ofEphemeral() {
        return Specs.ephemeral(pod).stream()
                .map(spec -> of(spec, false).toBuilder()
                        .setReady(false)
                        .clearStarted()
                        .clearResources()
                        .clearAllocatedResources()
                        .build())
                .toList();
    }

    private ContainerStatus of(Container spec, boolean init) {
        List<ObservedContainer> instances = observed.instances(spec.getName());
        Optional<ObservedContainer> latest = instances.stream().findFirst();
        ContainerStatus.Builder status = ContainerStatus.newBuilder()
                .setName(spec.getName())
                .setImage(spec.getImage())
                .setImageID("")
                .setReady(false)
                .setStarted(false)
                .setRestartCount(0)
                .setState(ContainerState.getDefaultInstance())
                .setLastState(ContainerState.getDefaultInstance());
        if (latest.isPresent()) {
            describe(status, spec, init, latest.get(), instances);
        } else {
            status.setState(waiting(inputs.waiting().getOrDefault(spec.getName(), new Waiting(notYet(), ""))));
        }
        // The previous status has the last word on a container that was pruned: nothing is known of it here.
        return status.addAllVolumeMounts(mounts(spec)).build();
    }

    private void describe(
            ContainerStatus.Builder status,
            Container spec,
            boolean init,
            ObservedContainer latest,
            List<ObservedContainer> instances) {
        status.setRestartCount(latest.restartCount())
                .setImage(
                        latest.image().isEmpty() || latest.image().startsWith("sha256:")
                                ? spec.getImage()
                                : latest.image())
                .setImageID(latest.imageRef())
                .setContainerID(id(latest));
        instances.stream()
                .skip(1)
                .filter(ObservedContainer::exited)
                .findFirst()
                .ifPresent(last -> status.setLastState(terminated(last)));
        switch (latest.state()) {
            case RUNNING -> {
                if (inputs.hooking().contains(latest.id())) {
                    status.setState(waiting(new Waiting(notYet(), "")));
                    return;
                }
                boolean started = inputs.started().contains(latest.id());
                status.setState(ContainerState.newBuilder()
                                .setRunning(ContainerStateRunning.newBuilder()
                                        .setStartedAt(Times.time(latest.startedAt()))))
                        .setStarted(started)
                        .setReady(started && (isRegularInit(spec, init) ? false : isReady(latest)));
                resources(status, spec);
            }
            case EXITED -> {
                Waiting waiting = inputs.waiting().get(spec.getName());
                if (waiting != null && !inputs.ended()) {
                    status.setState(waiting(waiting)).setLastState(terminated(latest));
                } else {
                    status.setState(terminated(latest));
                    status.setReady(isRegularInit(spec, init) && latest.exitCode() == 0);
                }
                resources(status, spec);
            }
            case CREATED ->
                status.setState(waiting(inputs.waiting().getOrDefault(spec.getName(), new Waiting(notYet(), ""))));
            case UNKNOWN ->
                status.setState(ContainerState.newBuilder()
                        .setTerminated(ContainerStateTerminated.newBuilder()
                                .setReason("ContainerStatusUnknown")
                                .setMessage("The container could not be located when the pod was terminated")
                                .setExitCode(137)));
        }
    }

    private static boolean isRegularInit(Container spec, boolean init) {
        return init && !Specs.isSidecar(spec);
    }

    private boolean isReady(ObservedContainer running) {
        return inputs.ready().contains(running.id());
    }

    private String notYet() {
        return pod.getSpec().getInitContainersCount() > 0 ? "PodInitializing" : "ContainerCreating";
    }

    private static ContainerState waiting(Waiting waiting) {
        ContainerStateWaiting.Builder state = ContainerStateWaiting.newBuilder().setReason(waiting.reason());
        if (!waiting.message().isEmpty()) {
            state.setMessage(waiting.message());
        }
        return ContainerState.newBuilder().setWaiting(state).build();
    }

    private ContainerState terminated(ObservedContainer container) {
        ContainerStateTerminated.Builder state = ContainerStateTerminated.newBuilder()
                .setExitCode(container.exitCode())
                .setReason(reason(container))
                .setStartedAt(Times.time(container.startedAt()))
                .setFinishedAt(Times.time(container.finishedAt()))
                .setContainerID(id(container));
        if (!container.message().isEmpty()) {
            state.setMessage(container.message());
        }
        return ContainerState.newBuilder().setTerminated(state).build();
    }

    private static String reason(ObservedContainer container) {
        if (!container.reason().isEmpty()) {
            return container.reason();
        }
        return container.exitCode() == 0 ? "Completed" : "Error";
    }

    private String id(ObservedContainer container) {
        return inputs.runtimeName() + "://" + container.id();
    }

    private static void resources(ContainerStatus.Builder status, Container spec) {
        status.putAllAllocatedResources(spec.getResources().getRequestsMap())
                .setResources(ResourceRequirements.newBuilder()
                        .putAllLimits(spec.getResources().getLimitsMap())
                        .putAllRequests(spec.getResources().getRequestsMap()));
    }

    private static List<VolumeMountStatus> mounts(Container spec) {
        return spec.getVolumeMountsList().stream().map(ContainerStatuses::mount).toList();
    }

    private static VolumeMountStatus mount(VolumeMount mount) {
        VolumeMountStatus.Builder status =
                VolumeMountStatus.newBuilder().setName(mount.getName()).setMountPath(mount.getMountPath());
        if (mount.getReadOnly()) {
            status.setReadOnly(true)
                    .setRecursiveReadOnly(mount.hasRecursiveReadOnly() ? mount.getRecursiveReadOnly() : "Disabled");
        }
        return status.build();
    }
}
