package io.jollyboat.kubelet.cri;

import io.jollyboat.cri.v1.AttachRequest;
import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerStats;
import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.ExecRequest;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.cri.v1.FilesystemUsage;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.cri.v1.PodSandbox;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxStatus;
import io.jollyboat.cri.v1.PortForwardRequest;
import io.jollyboat.cri.v1.StatusResponse;
import io.jollyboat.cri.v1.VersionResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The CRI, call by call. Stopping or removing what is gone already succeeds. */
public interface ContainerRuntime extends AutoCloseable {
    VersionResponse version();

    StatusResponse status();

    /** Creates and starts; answers the sandbox's id. */
    String runPodSandbox(PodSandboxConfig config, String runtimeHandler);

    /** Ends its containers with SIGKILL and gives its network back. */
    void stopPodSandbox(String sandboxId);

    /** Removes it with its containers. */
    void removePodSandbox(String sandboxId);

    PodSandboxStatus podSandboxStatus(String sandboxId);

    /** @param labels that the sandboxes must have; empty for all */
    List<PodSandbox> listPodSandboxes(Map<String, String> labels);

    /** Answers the container's id. */
    String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig);

    void startContainer(String containerId);

    /** The stop signal, then SIGKILL after the timeout; returns when the container has ended. */
    void stopContainer(String containerId, Duration timeout);

    void removeContainer(String containerId);

    /** @param labels that the containers must have; empty for all */
    List<Container> listContainers(Map<String, String> labels);

    ContainerStatus containerStatus(String containerId);

    void updateContainerResources(String containerId, LinuxContainerResources resources);

    /** To be called after the log file was renamed. */
    void reopenContainerLog(String containerId);

    /** Runs a command to its end; CriException DEADLINE_EXCEEDED when it takes longer. */
    ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout);

    /** Answers a URL that serves the stream. */
    String exec(ExecRequest request);

    /** Answers a URL that serves the stream. */
    String attach(AttachRequest request);

    /** Answers a URL that serves the stream. */
    String portForward(PortForwardRequest request);

    List<ContainerStats> listContainerStats();

    List<Image> listImages();

    Optional<Image> imageStatus(ImageSpec image);

    /**
     * Answers the image's reference in the runtime.
     *
     * @param auth null for none
     */
    String pullImage(ImageSpec image, AuthConfig auth, PodSandboxConfig sandboxConfig);

    void removeImage(ImageSpec image);

    List<FilesystemUsage> imageFilesystems();

    /** From now on tells the listener of what happens in the runtime, until the runtime is closed. */
    void subscribe(Listener listener);

    @Override
    void close();

    /** Hears of changes that nobody asked for. Called on a thread of the runtime; must not block. */
    interface Listener {
        /** A sandbox or container of this id started or ended. */
        void changed(String id);

        /** Events may have been lost: look at everything. */
        void resync();
    }
}
