package io.jollyboat.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ExecAction;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of pods on containerd when the kubelet or the API server is away. */
class ContainerdRestartsTest extends ContainerdFixture {
    @Test
    void restartsHarmNoPod() throws Exception {
        node.create(
                "stays",
                s -> s.addContainers(serving()
                        .setReadinessProbe(Probe.newBuilder()
                                .setHandler(ProbeHandler.newBuilder()
                                        .setExec(ExecAction.newBuilder().addCommand("true")))
                                .setPeriodSeconds(1))));
        Pod before = node.awaitReady("stays");
        node.close();
        host.restartContainerd();
        node = newNode().start();
        node.create("after", s -> s.addContainers(serving()));
        node.awaitReady("after");
        Pod after = node.get("stays");
        assertThat(after.getStatus().getContainerStatuses(0).getContainerID())
                .isEqualTo(before.getStatus().getContainerStatuses(0).getContainerID());
        assertThat(after.getStatus().getContainerStatuses(0).getRestartCount()).isZero();
        // The probe may have failed while the runtime was away; it mends itself.
        node.awaitReady("stays");
        host.restartContainerd();
        node.create("later", s -> s.addContainers(serving()));
        node.awaitReady("later");
        assertThat(node.get("stays").getStatus().getContainerStatuses(0).getContainerID())
                .isEqualTo(before.getStatus().getContainerStatuses(0).getContainerID());
        node.remove("later");
        node.remove("after");
        node.remove("stays");
    }

    @Test
    void leftoversAreRemoved() throws Exception {
        Path left = Files.createDirectories(host.folder().resolve("kubelet/pods/uid-left/volumes"));
        node.close();
        node = newNode().start();
        Awaitility.await().atMost(PATIENCE).until(() -> !Files.exists(left.getParent()));
    }

    @Test
    void podsOutliveTheApiServerAndOrphansDoNot() {
        node.create("orphan", s -> s.addContainers(serving()));
        node.awaitReady("orphan");
        node.close();
        api.delete(
                Kinds.of(Pod.class),
                ObjectKey.of("default", "orphan"),
                io.jollyboat.api.meta.v1.DeleteOptions.newBuilder()
                        .setGracePeriodSeconds(0)
                        .build());
        api.setDown(true);
        try {
            node = newNode().start();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> cri.listPodSandboxes(Map.of("io.kubernetes.pod.uid", "uid-orphan")).stream()
                        .anyMatch(s -> s.getState() == io.jollyboat.cri.v1.PodSandboxState.SANDBOX_READY));
        api.setDown(false);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> cri.listPodSandboxes(Map.of("io.kubernetes.pod.uid", "uid-orphan"))
                        .isEmpty());
    }
}
