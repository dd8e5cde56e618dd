package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.condition;
import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.ExecAction;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of pods, whatever the runtime. */
abstract class PodLifeContract {
    abstract TestNode node();

    abstract String image();

    private static Probe exec(String... command) {
        return Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setExec(ExecAction.newBuilder().addAllCommand(List.of(command))))
                .setPeriodSeconds(1)
                .setTimeoutSeconds(1)
                .setFailureThreshold(1)
                .setSuccessThreshold(1)
                .build();
    }

    @Test
    void runsAndIsDeleted() {
        node().create("runs", s -> s.addContainers(Pods.container("c", image(), Pods.SERVE)));
        Pod pod = node().awaitReady("runs");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).isNotEmpty();
        assertThat(pod.getStatus().getPodIPs(0).getIp())
                .isEqualTo(pod.getStatus().getPodIP());
        assertThat(pod.getStatus().getHostIP()).isEqualTo("10.90.0.2");
        assertThat(pod.getStatus().getQosClass()).isEqualTo("BestEffort");
        assertThat(pod.getStatus().hasStartTime()).isTrue();
        assertThat(pod.getStatus().getConditionsList())
                .extracting(PodCondition::getType)
                .containsExactly(
                        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");
        ContainerStatus status = pod.getStatus().getContainerStatuses(0);
        assertThat(status.getState().hasRunning()).isTrue();
        assertThat(status.getReady()).isTrue();
        assertThat(status.getStarted()).isTrue();
        assertThat(status.getRestartCount()).isZero();
        assertThat(status.getImage()).isEqualTo(image());
        assertThat(status.getImageID()).isNotEmpty();
        assertThat(status.getContainerID()).contains("://");
        node().awaitEvent(
                        "runs",
                        "Pulled: Container image \"" + image()
                                + "\" already present on machine and can be accessed by the pod");
        node().awaitEvent("runs", "Created: Container created");
        node().awaitEvent("runs", "Started: Container started");
        node().remove("runs");
    }

    @Test
    void completes() {
        node().create(
                        "completes",
                        s -> s.setRestartPolicy("Never").addContainers(Pods.container("c", image(), List.of("true"))));
        Pod pod = node().awaitPhase("completes", "Succeeded");
        assertThat(container(pod, "c").getState().getTerminated().getReason()).isEqualTo("Completed");
        assertThat(condition(pod, "Ready")).isEqualTo("False");
        assertThat(condition(pod, "PodReadyToStartContainers")).isEqualTo("False");
        assertThat(pod.getStatus().getConditionsList())
                .filteredOn(c -> c.getType().equals("Ready"))
                .extracting(PodCondition::getReason)
                .containsExactly("PodCompleted");
        node().remove("completes");
    }

    @Test
    void fails() {
        node().create(
                        "fails",
                        s -> s.setRestartPolicy("Never")
                                .addContainers(Pods.container("c", image(), List.of("sh", "-c", "exit 3"))));
        Pod pod = node().awaitPhase("fails", "Failed");
        assertThat(container(pod, "c").getState().getTerminated().getExitCode()).isEqualTo(3);
        assertThat(container(pod, "c").getState().getTerminated().getReason()).isEqualTo("Error");
        node().remove("fails");
    }

    private static EphemeralContainer ephemeral(String name, String image, String target, List<String> command) {
        return EphemeralContainer.newBuilder()
                .setEphemeralContainerCommon(EphemeralContainerCommon.newBuilder()
                        .setName(name)
                        .setImage(image)
                        .addAllCommand(command))
                .setTargetContainerName(target)
                .build();
    }

    private static ContainerStatus ephemeralStatus(Pod pod, String name) {
        return pod.getStatus().getEphemeralContainerStatusesList().stream()
                .filter(c -> c.getName().equals(name))
                .findFirst()
                .orElse(ContainerStatus.getDefaultInstance());
    }

    /** Started once, whatever becomes of it, and without a say in the pod's state. */
    @Test
    void runsEphemeralContainersOnce() {
        node().create("debugged", s -> s.addContainers(Pods.container("c", image(), Pods.SERVE)));
        node().awaitReady("debugged");
        node().update(
                        "debugged",
                        s -> s.addEphemeralContainers(ephemeral("looks", image(), "c", List.of("sh", "-c", "exit 4")))
                                .addEphemeralContainers(ephemeral("lost", image(), "nobody", List.of("true"))));
        Pod pod = node().await(
                        "debugged",
                        p -> ephemeralStatus(p, "looks").getState().hasTerminated()
                                && ephemeralStatus(p, "lost")
                                        .getState()
                                        .getWaiting()
                                        .getReason()
                                        .equals("CreateContainerConfigError"));
        ContainerStatus ended = ephemeralStatus(pod, "looks");
        assertThat(ended.getState().getTerminated().getExitCode()).isEqualTo(4);
        assertThat(ended.getRestartCount()).isZero();
        assertThat(ended.hasStarted()).isFalse();
        assertThat(ephemeralStatus(pod, "lost").getState().getWaiting().getMessage())
                .isEqualTo("unable to find target container nobody");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(condition(pod, "Ready")).isEqualTo("True");
        // Another one has the kubelet look at the pod again: the first is not started anew.
        node().update("debugged", s -> s.addEphemeralContainers(ephemeral("stays", image(), "c", Pods.SERVE)));
        pod = node().await(
                        "debugged", p -> ephemeralStatus(p, "stays").getState().hasRunning());
        assertThat(ephemeralStatus(pod, "looks").getContainerID()).isEqualTo(ended.getContainerID());
        assertThat(ephemeralStatus(pod, "stays").getReady()).isFalse();
        node().remove("debugged");
    }

    @Test
    void crashLoopsWithBackOff() {
        node().create("crashes", s -> s.addContainers(Pods.container("c", image(), List.of("sh", "-c", "exit 1"))));
        Pod pod = node().await(
                        "crashes",
                        p -> container(p, "c")
                                .getState()
                                .getWaiting()
                                .getReason()
                                .equals("CrashLoopBackOff"));
        ContainerStatus status = container(pod, "c");
        assertThat(status.getState().getWaiting().getMessage())
                .isEqualTo("back-off 10s restarting failed container=c pod=crashes_default(uid-crashes)");
        assertThat(status.getRestartCount()).isEqualTo(1);
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(1);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        node().awaitEvent(
                        "crashes",
                        "BackOff: Back-off restarting failed container c in pod crashes_default(uid-crashes)");
        node().remove("crashes");
    }

    @Test
    void initContainersRunInOrder() {
        node().create(
                        "inits",
                        s -> s.addInitContainers(Pods.container("first", image(), List.of("true")))
                                .addInitContainers(
                                        Pods.container("second", image(), List.of("sh", "-c", "sleep 3; exit 0")))
                                .addContainers(Pods.container("c", image(), Pods.SERVE)));
        Pod waiting =
                node().await("inits", p -> container(p, "second").getState().hasRunning());
        assertThat(waiting.getStatus().getPhase()).isEqualTo("Pending");
        assertThat(container(waiting, "c").getState().getWaiting().getReason()).isEqualTo("PodInitializing");
        assertThat(condition(waiting, "Initialized")).isEqualTo("False");
        Pod pod = node().awaitReady("inits");
        assertThat(container(pod, "first").getState().getTerminated().getExitCode())
                .isZero();
        assertThat(container(pod, "first").getReady()).isTrue();
        assertThat(condition(pod, "Initialized")).isEqualTo("True");
        node().remove("inits");
    }

    @Test
    void failedInitContainerFailsPodThatNeverRestarts() {
        node().create(
                        "init-fails",
                        s -> s.setRestartPolicy("Never")
                                .addInitContainers(Pods.container("i", image(), List.of("sh", "-c", "exit 4")))
                                .addContainers(Pods.container("c", image(), Pods.SERVE)));
        Pod pod = node().awaitPhase("init-fails", "Failed");
        assertThat(container(pod, "c").getState().getWaiting().getReason()).isEqualTo("PodInitializing");
        node().remove("init-fails");
    }

    @Test
    void sidecarStartsFirstAndStays() {
        node().create(
                        "sidecar",
                        s -> s.setRestartPolicy("Never")
                                .addInitContainers(Pods.container("side", image(), Pods.SERVE)
                                        .setRestartPolicy("Always"))
                                .addContainers(Pods.container("c", image(), List.of("sh", "-c", "sleep 3; exit 0"))));
        Pod running = node().await("sidecar", p -> container(p, "c").getState().hasRunning());
        assertThat(container(running, "side").getState().hasRunning()).isTrue();
        Pod pod = node().awaitPhase("sidecar", "Succeeded");
        assertThat(container(pod, "side").getState().hasTerminated()).isTrue();
        node().remove("sidecar");
    }

    @Test
    void failedLivenessProbeRestarts() {
        node().create(
                        "liveness",
                        s -> s.addContainers(Pods.container("c", image(), Pods.SERVE)
                                .setLivenessProbe(exec("sh", "-c", "echo bad; exit 3"))));
        node().await("liveness", p -> container(p, "c").getRestartCount() > 0);
        node().awaitEvent("liveness", "Unhealthy: Liveness probe failed: bad\n");
        node().awaitEvent("liveness", "Killing: Container c failed liveness probe, will be restarted");
        node().remove("liveness");
    }

    @Test
    void readinessProbeDecides() {
        node().create(
                        "readiness",
                        s -> s.addContainers(Pods.container("yes", image(), Pods.SERVE)
                                        .setReadinessProbe(exec("true")))
                                .addContainers(Pods.container("no", image(), Pods.SERVE)
                                        .setReadinessProbe(exec("false"))));
        Pod pod = node().await("readiness", p -> container(p, "yes").getReady());
        assertThat(container(pod, "no").getReady()).isFalse();
        assertThat(pod.getStatus().getConditionsList())
                .filteredOn(c -> c.getType().equals("Ready"))
                .extracting(PodCondition::getMessage)
                .containsExactly("containers with unready status: [no]");
        node().awaitEvent("readiness", "Unhealthy: Readiness probe failed: ");
        node().remove("readiness");
    }

    @Test
    void missingImageIsTold() {
        node().create(
                        "never",
                        s -> s.addContainers(Pods.container("c", "registry.test/absent:1", Pods.SERVE)
                                .setImagePullPolicy("Never")));
        Pod pod = node().await(
                        "never",
                        p -> container(p, "c")
                                .getState()
                                .getWaiting()
                                .getReason()
                                .equals("ErrImageNeverPull"));
        assertThat(container(pod, "c").getState().getWaiting().getMessage())
                .isEqualTo("Container image \"registry.test/absent:1\" is not present with pull policy of Never");
        node().awaitEvent("never", "Failed: Error: ErrImageNeverPull");
        node().remove("never");
    }

    @Test
    void failedPullBacksOff() {
        node().create("pull", s -> s.addContainers(Pods.container("c", "127.0.0.1:1/nope:1", Pods.SERVE)));
        node().awaitEvent("pull", "Pulling: Pulling image \"127.0.0.1:1/nope:1\"");
        node().awaitEvent("pull", "Failed: Failed to pull image \"127.0.0.1:1/nope:1\": ");
        node().awaitEvent("pull", "Failed: Error: ErrImagePull");
        Pod pod = node().await(
                        "pull",
                        p -> container(p, "c")
                                .getState()
                                .getWaiting()
                                .getReason()
                                .equals("ImagePullBackOff"));
        assertThat(container(pod, "c").getState().getWaiting().getMessage())
                .startsWith("Back-off pulling image \"127.0.0.1:1/nope:1\": ErrImagePull: ")
                .contains("failed to pull and unpack image \"127.0.0.1:1/nope:1\": ");
        node().remove("pull");
    }

    @Test
    void invalidImageIsTold() {
        node().create("invalid", s -> s.addContainers(Pods.container("c", "Bad:Image:Name", Pods.SERVE)));
        Pod pod = node().await(
                        "invalid",
                        p -> container(p, "c")
                                .getState()
                                .getWaiting()
                                .getReason()
                                .equals("InvalidImageName"));
        assertThat(container(pod, "c").getState().getWaiting().getMessage())
                .isEqualTo("Failed to apply default image tag \"Bad:Image:Name\": couldn't parse image name"
                        + " \"Bad:Image:Name\": invalid reference format: repository name (library/Bad) must be"
                        + " lowercase");
        node().remove("invalid");
    }

    @Test
    void deadlineEndsPod() {
        node().create(
                        "deadline",
                        s -> s.setActiveDeadlineSeconds(1).addContainers(Pods.container("c", image(), Pods.SERVE)));
        Pod pod = node().awaitPhase("deadline", "Failed");
        assertThat(pod.getStatus().getReason()).isEqualTo("DeadlineExceeded");
        assertThat(pod.getStatus().getMessage())
                .isEqualTo("Pod was active on the node longer than the specified deadline");
        node().remove("deadline");
    }
}
