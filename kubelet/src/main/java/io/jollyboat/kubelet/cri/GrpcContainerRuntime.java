package io.jollyboat.kubelet.cri;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.cri.v1.AttachRequest;
import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerFilter;
import io.jollyboat.cri.v1.ContainerStats;
import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.ContainerStatusRequest;
import io.jollyboat.cri.v1.CreateContainerRequest;
import io.jollyboat.cri.v1.ExecRequest;
import io.jollyboat.cri.v1.ExecSyncRequest;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.cri.v1.FilesystemUsage;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.ImageFsInfoRequest;
import io.jollyboat.cri.v1.ImageServiceGrpc;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.ImageStatusRequest;
import io.jollyboat.cri.v1.ImageStatusResponse;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.cri.v1.ListContainerStatsRequest;
import io.jollyboat.cri.v1.ListContainersRequest;
import io.jollyboat.cri.v1.ListImagesRequest;
import io.jollyboat.cri.v1.ListPodSandboxRequest;
import io.jollyboat.cri.v1.PodSandbox;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxFilter;
import io.jollyboat.cri.v1.PodSandboxStatus;
import io.jollyboat.cri.v1.PodSandboxStatusRequest;
import io.jollyboat.cri.v1.PortForwardRequest;
import io.jollyboat.cri.v1.PullImageRequest;
import io.jollyboat.cri.v1.RemoveContainerRequest;
import io.jollyboat.cri.v1.RemoveImageRequest;
import io.jollyboat.cri.v1.RemovePodSandboxRequest;
import io.jollyboat.cri.v1.ReopenContainerLogRequest;
import io.jollyboat.cri.v1.RunPodSandboxRequest;
import io.jollyboat.cri.v1.RuntimeServiceGrpc;
import io.jollyboat.cri.v1.StartContainerRequest;
import io.jollyboat.cri.v1.StatusRequest;
import io.jollyboat.cri.v1.StatusResponse;
import io.jollyboat.cri.v1.StopContainerRequest;
import io.jollyboat.cri.v1.StopPodSandboxRequest;
import io.jollyboat.cri.v1.UpdateContainerResourcesRequest;
import io.jollyboat.cri.v1.VersionRequest;
import io.jollyboat.cri.v1.VersionResponse;
import io.jollyboat.runtime.Runtime;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The CRI over gRPC on a Unix socket. */
public final class GrpcContainerRuntime implements ContainerRuntime {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    /** As upstream's runtimeRequestTimeout. */
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration SANDBOX_TIMEOUT = Duration.ofMinutes(4);

    private final Runtime runtime;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub containers;
    private final ImageServiceGrpc.ImageServiceBlockingStub images;
    private final List<ContainerdEvents> events = new CopyOnWriteArrayList<>();

    /** @param endpoint path of the socket, with or without {@code unix://} */
    public GrpcContainerRuntime(String endpoint, Runtime runtime) {
        this.runtime = runtime;
        this.loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Path socket = Path.of(endpoint.startsWith("unix://") ? endpoint.substring("unix://".length()) : endpoint);
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
        this.containers = RuntimeServiceGrpc.newBlockingStub(channel);
        this.images = ImageServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public VersionResponse version() {
        return call(() -> within(CALL_TIMEOUT).version(VersionRequest.getDefaultInstance()));
    }

    @Override
    public StatusResponse status() {
        return call(() -> within(CALL_TIMEOUT).status(StatusRequest.getDefaultInstance()));
    }

    @Override
    public String runPodSandbox(PodSandboxConfig config, String runtimeHandler) {
        return call(() -> within(SANDBOX_TIMEOUT)
                .runPodSandbox(RunPodSandboxRequest.newBuilder()
                        .setConfig(config)
                        .setRuntimeHandler(runtimeHandler)
                        .build())
                .getPodSandboxId());
    }

    @Override
    public void stopPodSandbox(String sandboxId) {
        callIfPresent(() -> within(SANDBOX_TIMEOUT)
                .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .build()));
    }

    @Override
    public void removePodSandbox(String sandboxId) {
        callIfPresent(() -> within(CALL_TIMEOUT)
                .removePodSandbox(RemovePodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .build()));
    }

    @Override
    public PodSandboxStatus podSandboxStatus(String sandboxId) {
        return call(() -> within(CALL_TIMEOUT)
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .build())
                .getStatus());
    }

    @Override
    public List<PodSandbox> listPodSandboxes(Map<String, String> labels) {
        PodSandboxFilter filter =
                PodSandboxFilter.newBuilder().putAllLabelSelector(labels).build();
        return call(() -> within(CALL_TIMEOUT)
                .listPodSandbox(
                        ListPodSandboxRequest.newBuilder().setFilter(filter).build())
                .getItemsList());
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig) {
        return call(() -> within(CALL_TIMEOUT)
                .createContainer(CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .setConfig(config)
                        .setSandboxConfig(sandboxConfig)
                        .build())
                .getContainerId());
    }

    @Override
    public void startContainer(String containerId) {
        call(() -> within(CALL_TIMEOUT)
                .startContainer(StartContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }

    @Override
    public void stopContainer(String containerId, Duration timeout) {
        callIfPresent(() -> within(CALL_TIMEOUT.plus(timeout))
                .stopContainer(StopContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .setTimeout(timeout.toSeconds())
                        .build()));
    }

    @Override
    public void removeContainer(String containerId) {
        callIfPresent(() -> within(CALL_TIMEOUT)
                .removeContainer(RemoveContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }

    @Override
    public List<Container> listContainers(Map<String, String> labels) {
        ContainerFilter filter =
                ContainerFilter.newBuilder().putAllLabelSelector(labels).build();
        return call(() -> within(CALL_TIMEOUT)
                .listContainers(
                        ListContainersRequest.newBuilder().setFilter(filter).build())
                .getContainersList());
    }

    @Override
    public ContainerStatus containerStatus(String containerId) {
        return call(() -> within(CALL_TIMEOUT)
                .containerStatus(ContainerStatusRequest.newBuilder()
                        .setContainerId(containerId)
                        .build())
                .getStatus());
    }

    @Override
    public void updateContainerResources(String containerId, LinuxContainerResources resources) {
        call(() -> within(CALL_TIMEOUT)
                .updateContainerResources(UpdateContainerResourcesRequest.newBuilder()
                        .setContainerId(containerId)
                        .setLinux(resources)
                        .build()));
    }

    @Override
    public void reopenContainerLog(String containerId) {
        call(() -> within(CALL_TIMEOUT)
                .reopenContainerLog(ReopenContainerLogRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }

    @Override
    public ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout) {
        // The runtime ends the command at its timeout; the call itself gets a little longer.
        return call(() -> within(timeout.isZero() ? SANDBOX_TIMEOUT : timeout.plus(CALL_TIMEOUT))
                .execSync(ExecSyncRequest.newBuilder()
                        .setContainerId(containerId)
                        .addAllCmd(command)
                        .setTimeout(timeout.toSeconds())
                        .build()));
    }

    @Override
    public String exec(ExecRequest request) {
        return call(() -> within(CALL_TIMEOUT).exec(request).getUrl());
    }

    @Override
    public String attach(AttachRequest request) {
        return call(() -> within(CALL_TIMEOUT).attach(request).getUrl());
    }

    @Override
    public String portForward(PortForwardRequest request) {
        return call(() -> within(CALL_TIMEOUT).portForward(request).getUrl());
    }

    @Override
    public List<ContainerStats> listContainerStats() {
        return call(() -> within(CALL_TIMEOUT)
                .listContainerStats(ListContainerStatsRequest.getDefaultInstance())
                .getStatsList());
    }

    @Override
    public List<Image> listImages() {
        return call(() -> imagesWithin(CALL_TIMEOUT)
                .listImages(ListImagesRequest.getDefaultInstance())
                .getImagesList());
    }

    @Override
    public Optional<Image> imageStatus(ImageSpec image) {
        ImageStatusResponse response = call(() -> imagesWithin(CALL_TIMEOUT)
                .imageStatus(ImageStatusRequest.newBuilder().setImage(image).build()));
        return response.hasImage() && !response.getImage().getId().isEmpty()
                ? Optional.of(response.getImage())
                : Optional.empty();
    }

    @Override
    public String pullImage(ImageSpec image, AuthConfig auth, PodSandboxConfig sandboxConfig) {
        PullImageRequest.Builder request =
                PullImageRequest.newBuilder().setImage(image).setSandboxConfig(sandboxConfig);
        if (auth != null) {
            request.setAuth(auth);
        }
        // No deadline: a large image takes what it takes.
        return call(() -> images.pullImage(request.build()).getImageRef());
    }

    @Override
    public void removeImage(ImageSpec image) {
        call(() -> imagesWithin(CALL_TIMEOUT)
                .removeImage(RemoveImageRequest.newBuilder().setImage(image).build()));
    }

    @Override
    public List<FilesystemUsage> imageFilesystems() {
        return call(() -> imagesWithin(CALL_TIMEOUT)
                .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                .getImageFilesystemsList());
    }

    @Override
    public void subscribe(Listener listener) {
        ContainerdEvents stream = new ContainerdEvents(channel, runtime, listener);
        events.add(stream);
        stream.start();
    }

    @Override
    public void close() {
        events.forEach(ContainerdEvents::close);
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub within(Duration timeout) {
        return containers.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub imagesWithin(Duration timeout) {
        return images.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> T call(Supplier<T> rpc) {
        try {
            return rpc.get();
        } catch (StatusRuntimeException e) {
            throw CriException.of(e);
        }
    }

    private static void callIfPresent(Supplier<?> rpc) {
        try {
            call(rpc);
        } catch (CriException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
