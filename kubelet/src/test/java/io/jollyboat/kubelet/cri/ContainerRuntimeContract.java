package io.jollyboat.kubelet.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerMetadata;
import io.jollyboat.cri.v1.ContainerState;
import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxMetadata;
import io.jollyboat.cri.v1.PodSandboxState;
import io.jollyboat.cri.v1.PodSandboxStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the kubelet relies on in any container runtime. */
abstract class ContainerRuntimeContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    abstract ContainerRuntime cri();

    /** An image that is there, with busybox in it. */
    abstract String image();

    abstract String logFolder();

    private PodSandboxConfig sandbox(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(name)
                        .setNamespace("default")
                        .setUid("uid-" + name))
                .setHostname(name)
                .setLogDirectory(logFolder() + "/" + name)
                .putLabels(CriLabels.POD_UID, "uid-" + name)
                .putAnnotations("a", "b")
                .build();
    }

    private ContainerConfig container(String name, String... command) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage(image()).setUserSpecifiedImage(image()))
                .addAllCommand(List.of(command))
                .putLabels(CriLabels.CONTAINER_NAME, name)
                .putAnnotations(CriLabels.RESTART_COUNT, "0")
                .setLogPath(name + ".log")
                .build();
    }

    private ContainerStatus awaitState(String id, ContainerState state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> cri().containerStatus(id).getState() == state);
        return cri().containerStatus(id);
    }

    @Test
    void namesItself() {
        assertThat(cri().version().getRuntimeName()).isNotEmpty();
        assertThat(cri().status().getStatus().getConditionsList())
                .extracting(c -> c.getType())
                .contains("RuntimeReady", "NetworkReady");
    }

    @Test
    void sandboxLives() {
        PodSandboxConfig config = sandbox("lives");
        String id = cri().runPodSandbox(config, "");
        PodSandboxStatus status = cri().podSandboxStatus(id);
        assertThat(status.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
        assertThat(status.getNetwork().getIp()).isNotEmpty();
        assertThat(status.getMetadata()).isEqualTo(config.getMetadata());
        assertThat(cri().listPodSandboxes(Map.of(CriLabels.POD_UID, "uid-lives")))
                .extracting(s -> s.getId())
                .containsExactly(id);
        assertThat(cri().listPodSandboxes(Map.of(CriLabels.POD_UID, "other"))).isEmpty();
        cri().stopPodSandbox(id);
        assertThat(cri().podSandboxStatus(id).getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        cri().stopPodSandbox(id);
        cri().removePodSandbox(id);
        cri().removePodSandbox(id);
        assertThatThrownBy(() -> cri().podSandboxStatus(id))
                .isInstanceOfSatisfying(
                        CriException.class, e -> assertThat(e.isNotFound()).isTrue());
    }

    @Test
    void containerEndsByItself() {
        PodSandboxConfig config = sandbox("ends");
        String sandbox = cri().runPodSandbox(config, "");
        String id = cri().createContainer(sandbox, container("c", "sh", "-c", "exit 3"), config);
        assertThat(cri().containerStatus(id).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
        cri().startContainer(id);
        ContainerStatus status = awaitState(id, ContainerState.CONTAINER_EXITED);
        assertThat(status.getExitCode()).isEqualTo(3);
        assertThat(status.getReason()).isEqualTo("Error");
        // containerd takes the start when its call returns, the end from its shim: a short process may end "before" it.
        assertThat(status.getFinishedAt())
                .isCloseTo(status.getStartedAt(), within(Duration.ofMinutes(1).toNanos()));
        assertThat(status.getAnnotationsMap()).containsEntry(CriLabels.RESTART_COUNT, "0");
        assertThat(status.getImage().getImage()).isEqualTo(image());
        cri().removePodSandbox(sandbox);
        assertThat(cri().listContainers(Map.of(CriLabels.CONTAINER_NAME, "c"))).isEmpty();
    }

    @Test
    void stoppingEndsContainer() {
        PodSandboxConfig config = sandbox("stops");
        String sandbox = cri().runPodSandbox(config, "");
        String id = cri().createContainer(
                        sandbox,
                        container("s", "sh", "-c", "trap 'exit 0' TERM; touch /trapped; while :; do sleep 0.1; done"),
                        config);
        cri().startContainer(id);
        awaitState(id, ContainerState.CONTAINER_RUNNING);
        // Until it listens for the signal, the first process of a container does not feel it.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> cri().execSync(id, List.of("sh", "-c", "test -e /trapped"), PATIENCE)
                                .getExitCode()
                        == 0);
        cri().stopContainer(id, PATIENCE);
        ContainerStatus status = cri().containerStatus(id);
        assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(status.getExitCode()).isZero();
        cri().stopContainer(id, PATIENCE);
        cri().removeContainer(id);
        cri().removeContainer(id);
        cri().stopContainer(id, PATIENCE);
        cri().removePodSandbox(sandbox);
    }

    @Test
    void stoppingSandboxKillsItsContainers() {
        PodSandboxConfig config = sandbox("kills");
        String sandbox = cri().runPodSandbox(config, "");
        String id = cri().createContainer(sandbox, container("k", "sh", "-c", "while :; do sleep 1; done"), config);
        cri().startContainer(id);
        cri().stopPodSandbox(sandbox);
        assertThat(awaitState(id, ContainerState.CONTAINER_EXITED).getExitCode())
                .isEqualTo(137);
        cri().removePodSandbox(sandbox);
    }

    @Test
    void runsCommandsInContainers() {
        PodSandboxConfig config = sandbox("exec");
        String sandbox = cri().runPodSandbox(config, "");
        String id = cri().createContainer(sandbox, container("e", "sh", "-c", "while :; do sleep 1; done"), config);
        cri().startContainer(id);
        ExecSyncResponse response = cri().execSync(id, List.of("sh", "-c", "echo hello; exit 4"), PATIENCE);
        assertThat(response.getExitCode()).isEqualTo(4);
        assertThat(response.getStdout().toStringUtf8()).isEqualTo("hello\n");
        assertThatThrownBy(() -> cri().execSync(id, List.of("sleep", "30"), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        CriException.class, e -> assertThat(e.code()).isEqualTo(io.grpc.Status.Code.DEADLINE_EXCEEDED));
        cri().removePodSandbox(sandbox);
    }

    @Test
    void tellsOfEnds() {
        Set<String> changed = ConcurrentHashMap.newKeySet();
        cri().subscribe(new ContainerRuntime.Listener() {
            @Override
            public void changed(String id) {
                changed.add(id);
            }

            @Override
            public void resync() {}
        });
        PodSandboxConfig config = sandbox("tells");
        String sandbox = cri().runPodSandbox(config, "");
        // containerd does not say when a subscription begins; it has until then.
        String id = cri().createContainer(sandbox, container("t", "sh", "-c", "sleep 2; exit 1"), config);
        cri().startContainer(id);
        Awaitility.await().atMost(PATIENCE).until(() -> changed.contains(id));
        cri().removePodSandbox(sandbox);
    }

    @Test
    void knowsItsImages() {
        ImageSpec known = ImageSpec.newBuilder().setImage(image()).build();
        assertThat(cri().imageStatus(known)).isPresent();
        assertThat(cri().imageStatus(ImageSpec.newBuilder()
                        .setImage("registry.test/absent:1")
                        .build()))
                .isEmpty();
        assertThat(cri().listImages())
                .anySatisfy(i -> assertThat(i.getRepoTagsList()).contains(image()));
    }
}
