package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.ExecAction;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.HostPathVolumeSource;
import io.jollyboat.api.core.v1.Lifecycle;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.api.core.v1.TCPSocketAction;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.values.IntOrStrings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the processes of containers on containerd begin, are looked after and end. */
class ContainerdProcessesTest extends ContainerdFixture {
    /** With a target, a container added later is among its processes; without, it sees its own only. */
    @Test
    void ephemeralContainersSeeTheirTargetsProcesses() {
        node.create(
                "target",
                s -> s.setTerminationGracePeriodSeconds(1)
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of("sh", "-c", "while true; do sleep 1; done # MARKER"))));
        node.awaitReady("target");
        node.update(
                "target",
                s -> s.addEphemeralContainers(looking("inside", "c")).addEphemeralContainers(looking("beside", "")));
        Pod pod = node.await(
                "target",
                p -> p.getStatus().getEphemeralContainerStatusesCount() == 2
                        && p.getStatus().getEphemeralContainerStatusesList().stream()
                                .allMatch(c -> c.getState().hasTerminated()));
        assertThat(pod.getStatus().getEphemeralContainerStatusesList())
                .extracting(c -> c.getName(), c -> c.getState().getTerminated().getExitCode())
                .containsExactly(tuple("inside", 0), tuple("beside", 1));
        node.remove("target");
    }

    private static EphemeralContainer looking(String name, String target) {
        return EphemeralContainer.newBuilder()
                .setEphemeralContainerCommon(EphemeralContainerCommon.newBuilder()
                        .setName(name)
                        .setImage(ContainerdHost.BUSYBOX)
                        // The pattern does not match itself.
                        .addAllCommand(List.of("sh", "-c", "grep -q 'MARK[E]R' /proc/1/cmdline")))
                .setTargetContainerName(target)
                .build();
    }

    @Test
    void lastWords() {
        node.create(
                "words",
                s -> s.setRestartPolicy("Never")
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of("sh", "-c", "echo bye >/dev/termination-log; exit 3")))
                        .addContainers(Pods.container(
                                        "d", ContainerdHost.BUSYBOX, List.of("sh", "-c", "echo from the log; exit 4"))
                                .setTerminationMessagePolicy("FallbackToLogsOnError")));
        Pod pod = node.awaitPhase("words", "Failed");
        assertThat(container(pod, "c").getState().getTerminated().getMessage()).isEqualTo("bye\n");
        assertThat(container(pod, "d").getState().getTerminated().getMessage()).isEqualTo("from the log\n");
        node.remove("words");
    }

    @Test
    void hooksRun() throws Exception {
        Path shared = Files.createDirectory(host.folder().resolve("hooks"));
        node.create(
                "hooks",
                s -> s.addVolumes(volume(
                                "h",
                                VolumeSource.newBuilder()
                                        .setHostPath(HostPathVolumeSource.newBuilder()
                                                .setPath(shared.toString()))))
                        .addContainers(serving()
                                .addVolumeMounts(mount("h", "/h"))
                                .setLifecycle(Lifecycle.newBuilder()
                                        .setPostStart(hook("echo post > /h/post"))
                                        .setPreStop(hook("echo pre > /h/pre")))));
        node.awaitReady("hooks");
        assertThat(Files.readString(shared.resolve("post"))).isEqualTo("post\n");
        node.remove("hooks");
        assertThat(Files.readString(shared.resolve("pre"))).isEqualTo("pre\n");
    }

    private static LifecycleHandler.Builder hook(String script) {
        return LifecycleHandler.newBuilder()
                .setExec(ExecAction.newBuilder()
                        .addCommand("sh")
                        .addCommand("-c")
                        .addCommand(script));
    }

    @Test
    void failedPostStartHookKills() {
        node.create(
                "post-fails",
                s -> s.addContainers(
                        serving().setLifecycle(Lifecycle.newBuilder().setPostStart(hook("echo post; exit 7")))));
        node.awaitEvent("post-fails", "FailedPostStartHook: PostStartHook failed");
        node.awaitEvent("post-fails", "Killing: FailedPostStartHook");
        node.await("post-fails", p -> container(p, "c").getRestartCount() > 0);
        node.remove("post-fails");
    }

    @Test
    void probesOverTheNetwork() {
        Probe http = Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setHttpGet(HTTPGetAction.newBuilder().setPath("/").setPort(IntOrStrings.of(8080))))
                .setPeriodSeconds(1)
                .setTimeoutSeconds(1)
                .build();
        Probe tcp = Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setTcpSocket(TCPSocketAction.newBuilder().setPort(IntOrStrings.of(8081))))
                .setPeriodSeconds(1)
                .setTimeoutSeconds(1)
                .build();
        node.create(
                "net",
                s -> s.addContainers(Pods.container(
                                        "c",
                                        ContainerdHost.BUSYBOX,
                                        List.of("sh", "-c", "echo hi > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"))
                                .setReadinessProbe(http))
                        .setTerminationGracePeriodSeconds(1)
                        .addContainers(Pods.container("d", ContainerdHost.BUSYBOX, Pods.SERVE)
                                .setReadinessProbe(tcp)));
        Pod pod = node.await("net", p -> container(p, "c").getReady());
        node.awaitEvent(
                "net",
                "Unhealthy: Readiness probe failed: dial tcp " + pod.getStatus().getPodIP()
                        + ":8081: connect: connection refused");
        node.remove("net");
    }

    @Test
    void badCommandIsTold() {
        node.create(
                "bad", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, List.of("/no/such/binary"))));
        node.awaitEvent("bad", "Failed: Error: failed to create containerd task");
        Pod pod = node.await("bad", p -> container(p, "c").getRestartCount() > 0);
        assertThat(container(pod, "c").getLastState().getTerminated().getReason())
                .isEqualTo("StartError");
        assertThat(container(pod, "c").getLastState().getTerminated().getExitCode())
                .isEqualTo(128);
        node.remove("bad");
    }
}
