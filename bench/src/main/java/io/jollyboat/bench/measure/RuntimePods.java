package io.jollyboat.bench.measure;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerMetadata;
import io.jollyboat.cri.v1.CreateContainerRequest;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.LinuxContainerConfig;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.cri.v1.LinuxPodSandboxConfig;
import io.jollyboat.cri.v1.LinuxSandboxSecurityContext;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxMetadata;
import io.jollyboat.cri.v1.ProfileType;
import io.jollyboat.cri.v1.RemovePodSandboxRequest;
import io.jollyboat.cri.v1.RunPodSandboxRequest;
import io.jollyboat.cri.v1.RuntimeServiceGrpc;
import io.jollyboat.cri.v1.SecurityProfile;
import io.jollyboat.cri.v1.StartContainerRequest;
import io.jollyboat.cri.v1.StopContainerRequest;
import io.jollyboat.cri.v1.StopPodSandboxRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pods made by a container runtime alone, over its CRI socket: what is left of a pod's start when the whole cluster
 * around it costs nothing. Thread-safe.
 */
public final class RuntimePods implements AutoCloseable {
    private static final SecurityProfile DEFAULT_PROFILE = SecurityProfile.newBuilder()
            .setProfileType(ProfileType.RuntimeDefault)
            .build();

    private final String image;
    private final Path logs;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ManagedChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime;

    /**
     * A started pod.
     *
     * @param sandboxMillis until its network and its pause container were there
     * @param createMillis its one container's creation
     * @param startMillis that container's start
     */
    record Started(
            String sandboxId, String containerId, double sandboxMillis, double createMillis, double startMillis) {
        double millis() {
            return sandboxMillis + createMillis + startMillis;
        }

        Map<String, Double> phases() {
            return Map.of("sandboxMillis", sandboxMillis, "createMillis", createMillis, "startMillis", startMillis);
        }
    }

    /** @param image present at the runtime */
    public RuntimePods(Path socket, String image) throws IOException {
        if (!Files.exists(socket)) {
            throw new IOException("--runtime-socket " + socket + ": there is no such socket");
        }
        this.image = image;
        this.logs = Files.createTempDirectory("jollyboat-bench-logs");
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        this.runtime = RuntimeServiceGrpc.newBlockingStub(channel);
    }

    /** As the measured pods: one container with small requests. */
    Started start(String name) {
        PodSandboxConfig sandbox = sandbox(name);
        long began = System.nanoTime();
        String sandboxId = runtime.runPodSandbox(
                        RunPodSandboxRequest.newBuilder().setConfig(sandbox).build())
                .getPodSandboxId();
        long sandboxed = System.nanoTime();
        String containerId = runtime.createContainer(CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .setConfig(container())
                        .setSandboxConfig(sandbox)
                        .build())
                .getContainerId();
        long created = System.nanoTime();
        runtime.startContainer(
                StartContainerRequest.newBuilder().setContainerId(containerId).build());
        return new Started(
                sandboxId,
                containerId,
                (sandboxed - began) / 1e6,
                (created - sandboxed) / 1e6,
                (System.nanoTime() - created) / 1e6);
    }

    /** As a kubelet does: ends the container by SIGTERM, then takes everything away. Answers the milliseconds it took. */
    double end(Started pod) {
        long began = System.nanoTime();
        runtime.stopContainer(StopContainerRequest.newBuilder()
                .setContainerId(pod.containerId())
                .setTimeout(30)
                .build());
        runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder()
                .setPodSandboxId(pod.sandboxId())
                .build());
        runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder()
                .setPodSandboxId(pod.sandboxId())
                .build());
        return (System.nanoTime() - began) / 1e6;
    }

    /** Without a uid: a kubelet on the same runtime must not take it for a pod of its own. */
    private PodSandboxConfig sandbox(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("jollyboat-bench"))
                .setHostname(name)
                .setLogDirectory(logs.resolve(name).toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .setSecurityContext(
                                LinuxSandboxSecurityContext.newBuilder().setSeccomp(DEFAULT_PROFILE)))
                .build();
    }

    private ContainerConfig container() {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                .setImage(ImageSpec.newBuilder().setImage(image))
                .setLogPath("main/0.log")
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(LinuxContainerResources.newBuilder().setCpuShares(10)))
                .build();
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
        try (Stream<Path> files = Files.walk(logs)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
