package io.jollyboat.kubelet.cri;

import io.grpc.Status;
import io.jollyboat.cri.v1.AttachRequest;
import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerConfig;
import io.jollyboat.cri.v1.ContainerState;
import io.jollyboat.cri.v1.ContainerStats;
import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.ExecRequest;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.cri.v1.FilesystemUsage;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.cri.v1.LinuxPodSandboxStatus;
import io.jollyboat.cri.v1.Namespace;
import io.jollyboat.cri.v1.NamespaceMode;
import io.jollyboat.cri.v1.PodSandbox;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.cri.v1.PodSandboxNetworkStatus;
import io.jollyboat.cri.v1.PodSandboxState;
import io.jollyboat.cri.v1.PodSandboxStatus;
import io.jollyboat.cri.v1.PortForwardRequest;
import io.jollyboat.cri.v1.RuntimeCondition;
import io.jollyboat.cri.v1.RuntimeStatus;
import io.jollyboat.cri.v1.StatusResponse;
import io.jollyboat.cri.v1.VersionResponse;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Containers that exist in memory only, so that one JVM can be thousands of nodes. An image is there once it was pulled;
 * what a container does is read from its command ({@link SimulatedProgram}).
 */
public final class SimulatedRuntime implements ContainerRuntime {
    private final Runtime runtime;
    private final AddressPool addresses = new AddressPool("10.200.0.0/16");
    private final Predicate<String> pullable;
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, SimulatedContainer> containers = new LinkedHashMap<>();
    private final Map<String, Image> images = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    private static final class Sandbox {
        final String id;
        final PodSandboxConfig config;
        final long createdAt;
        final String ip;
        boolean ready = true;

        Sandbox(String id, PodSandboxConfig config, long createdAt, String ip) {
            this.id = id;
            this.config = config;
            this.createdAt = createdAt;
            this.ip = ip;
        }
    }

    /** @param pullable which images can be had */
    public SimulatedRuntime(Runtime runtime, Predicate<String> pullable) {
        this.runtime = runtime;
        this.pullable = pullable;
    }

    /** Where the addresses of new pods come from. */
    public synchronized void usePodCidr(String cidr) {
        addresses.use(cidr);
    }

    @Override
    public VersionResponse version() {
        return VersionResponse.newBuilder()
                .setVersion("0.1.0")
                .setRuntimeName("simulated")
                .setRuntimeVersion("1.0.0")
                .setRuntimeApiVersion("v1")
                .build();
    }

    @Override
    public StatusResponse status() {
        return StatusResponse.newBuilder()
                .setStatus(RuntimeStatus.newBuilder()
                        .addConditions(RuntimeCondition.newBuilder()
                                .setType("RuntimeReady")
                                .setStatus(true))
                        .addConditions(RuntimeCondition.newBuilder()
                                .setType("NetworkReady")
                                .setStatus(true)))
                .build();
    }

    @Override
    public synchronized String runPodSandbox(PodSandboxConfig config, String runtimeHandler) {
        boolean own =
                config.getLinux().getSecurityContext().getNamespaceOptions().getNetwork() != NamespaceMode.NODE;
        String id = newId();
        sandboxes.put(id, new Sandbox(id, config, nanos(), own ? addresses.take() : ""));
        return id;
    }

    @Override
    public void stopPodSandbox(String sandboxId) {
        List<String> ended = new ArrayList<>();
        synchronized (this) {
            Sandbox sandbox = sandboxes.get(sandboxId);
            if (sandbox == null) {
                return;
            }
            for (SimulatedContainer container : containers.values()) {
                if (container.sandboxId.equals(sandboxId) && container.state == ContainerState.CONTAINER_RUNNING) {
                    container.end(137, nanos());
                    ended.add(container.id);
                }
            }
            sandbox.ready = false;
        }
        ended.forEach(this::tell);
    }

    @Override
    public synchronized void removePodSandbox(String sandboxId) {
        Sandbox removed = sandboxes.remove(sandboxId);
        if (removed != null) {
            addresses.giveBack(removed.ip);
        }
        containers.values().removeIf(c -> c.sandboxId.equals(sandboxId));
    }

    @Override
    public synchronized PodSandboxStatus podSandboxStatus(String sandboxId) {
        Sandbox sandbox = sandbox(sandboxId);
        return PodSandboxStatus.newBuilder()
                .setId(sandbox.id)
                .setMetadata(sandbox.config.getMetadata())
                .setState(state(sandbox))
                .setCreatedAt(sandbox.createdAt)
                .setNetwork(PodSandboxNetworkStatus.newBuilder().setIp(sandbox.ready ? sandbox.ip : ""))
                .setLinux(LinuxPodSandboxStatus.newBuilder()
                        .setNamespaces(Namespace.newBuilder()
                                .setOptions(sandbox.config
                                        .getLinux()
                                        .getSecurityContext()
                                        .getNamespaceOptions())))
                .putAllLabels(sandbox.config.getLabelsMap())
                .putAllAnnotations(sandbox.config.getAnnotationsMap())
                .build();
    }

    @Override
    public synchronized List<PodSandbox> listPodSandboxes(Map<String, String> labels) {
        return sandboxes.values().stream()
                .filter(s -> s.config.getLabelsMap().entrySet().containsAll(labels.entrySet()))
                .map(s -> PodSandbox.newBuilder()
                        .setId(s.id)
                        .setMetadata(s.config.getMetadata())
                        .setState(state(s))
                        .setCreatedAt(s.createdAt)
                        .putAllLabels(s.config.getLabelsMap())
                        .putAllAnnotations(s.config.getAnnotationsMap())
                        .build())
                .toList();
    }

    @Override
    public synchronized String createContainer(
            String sandboxId, ContainerConfig config, PodSandboxConfig sandboxConfig) {
        if (!sandbox(sandboxId).ready) {
            throw new CriException(Status.Code.UNKNOWN, "sandbox container \"" + sandboxId + "\" is not running");
        }
        boolean duplicate = containers.values().stream()
                .anyMatch(c ->
                        c.sandboxId.equals(sandboxId) && c.config.getMetadata().equals(config.getMetadata()));
        if (duplicate) {
            throw new CriException(
                    Status.Code.UNKNOWN,
                    "failed to reserve container name \"" + config.getMetadata().getName() + "\": name is reserved");
        }
        String id = newId();
        containers.put(id, new SimulatedContainer(id, sandboxId, config, nanos()));
        return id;
    }

    @Override
    public void startContainer(String containerId) {
        SimulatedProgram program;
        synchronized (this) {
            SimulatedContainer container = container(containerId);
            if (container.state != ContainerState.CONTAINER_CREATED) {
                throw new CriException(
                        Status.Code.UNKNOWN, "container \"" + containerId + "\" is in " + container.state + " state");
            }
            container.start(nanos());
            List<String> command = new ArrayList<>(container.config.getCommandList());
            command.addAll(container.config.getArgsList());
            program = SimulatedProgram.parse(command);
        }
        if (program.runsFor() != null) {
            runtime.schedule(program.runsFor(), () -> end(containerId, program.exitCode()));
        }
    }

    @Override
    public void stopContainer(String containerId, Duration timeout) {
        end(containerId, 0);
    }

    @Override
    public synchronized void removeContainer(String containerId) {
        containers.remove(containerId);
    }

    @Override
    public synchronized List<Container> listContainers(Map<String, String> labels) {
        return containers.values().stream()
                .filter(c -> c.config.getLabelsMap().entrySet().containsAll(labels.entrySet()))
                .map(SimulatedContainer::listed)
                .toList();
    }

    @Override
    public synchronized ContainerStatus containerStatus(String containerId) {
        return container(containerId).status();
    }

    @Override
    public synchronized void updateContainerResources(String containerId, LinuxContainerResources resources) {
        var _ = container(containerId);
    }

    @Override
    public synchronized void reopenContainerLog(String containerId) {
        var _ = container(containerId);
    }

    @Override
    public synchronized ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout) {
        if (container(containerId).state != ContainerState.CONTAINER_RUNNING) {
            throw new CriException(Status.Code.UNKNOWN, "container is in " + container(containerId).state + " state");
        }
        SimulatedProgram program = SimulatedProgram.parse(command);
        boolean tooLong = program.runsFor() != null
                && !timeout.isZero()
                && program.runsFor().compareTo(timeout) > 0;
        if (tooLong) {
            throw new CriException(
                    Status.Code.DEADLINE_EXCEEDED,
                    "failed to exec in container: timeout " + timeout.toSeconds() + "s exceeded: context deadline"
                            + " exceeded");
        }
        return ExecSyncResponse.newBuilder()
                .setExitCode(program.exitCode())
                .setStdout(com.google.protobuf.ByteString.copyFromUtf8(program.output()))
                .build();
    }

    @Override
    public String exec(ExecRequest request) {
        throw noStreams();
    }

    @Override
    public String attach(AttachRequest request) {
        throw noStreams();
    }

    @Override
    public String portForward(PortForwardRequest request) {
        throw noStreams();
    }

    @Override
    public List<ContainerStats> listContainerStats() {
        return List.of();
    }

    @Override
    public synchronized List<Image> listImages() {
        return List.copyOf(images.values());
    }

    @Override
    public synchronized Optional<Image> imageStatus(ImageSpec image) {
        return Optional.ofNullable(images.get(image.getImage()));
    }

    @Override
    public synchronized String pullImage(ImageSpec image, AuthConfig auth, PodSandboxConfig sandboxConfig) {
        if (!pullable.test(image.getImage())) {
            throw new CriException(
                    Status.Code.NOT_FOUND, "failed to pull and unpack image \"" + image.getImage() + "\": not found");
        }
        String id = "sha256:"
                + String.format(
                        Locale.ROOT,
                        "%064x",
                        new java.math.BigInteger(1, image.getImage().getBytes(StandardCharsets.UTF_8))
                                .mod(java.math.BigInteger.ONE.shiftLeft(256)));
        Image pulled = Image.newBuilder()
                .setId(id)
                .addRepoTags(image.getImage())
                .setSize(1 << 20)
                .build();
        images.put(image.getImage(), pulled);
        images.put(id, pulled);
        return id;
    }

    @Override
    public synchronized void removeImage(ImageSpec image) {
        Image known = images.get(image.getImage());
        images.values().removeIf(i -> i.equals(known));
    }

    @Override
    public List<FilesystemUsage> imageFilesystems() {
        return List.of();
    }

    @Override
    public void subscribe(Listener listener) {
        synchronized (this) {
            listeners.add(listener);
        }
        listener.resync();
    }

    @Override
    public void close() {}

    private void end(String containerId, int exitCode) {
        synchronized (this) {
            SimulatedContainer container = containers.get(containerId);
            if (container == null || container.state != ContainerState.CONTAINER_RUNNING) {
                return;
            }
            container.end(exitCode, nanos());
        }
        tell(containerId);
    }

    private void tell(String id) {
        List<Listener> all;
        synchronized (this) {
            all = List.copyOf(listeners);
        }
        all.forEach(l -> l.changed(id));
    }

    private Sandbox sandbox(String id) {
        Sandbox sandbox = sandboxes.get(id);
        if (sandbox == null) {
            throw new CriException(
                    Status.Code.NOT_FOUND, "an error occurred when try to find sandbox \"" + id + "\": not found");
        }
        return sandbox;
    }

    private SimulatedContainer container(String id) {
        SimulatedContainer container = containers.get(id);
        if (container == null) {
            throw new CriException(
                    Status.Code.NOT_FOUND, "an error occurred when try to find container \"" + id + "\": not found");
        }
        return container;
    }

    private static PodSandboxState state(Sandbox sandbox) {
        return sandbox.ready ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY;
    }

    private static CriException noStreams() {
        return new CriException(Status.Code.UNIMPLEMENTED, "a simulated container has no streams");
    }

    private String newId() {
        StringBuilder id = new StringBuilder(64);
        for (int i = 0; i < 4; i++) {
            id.append(String.format(Locale.ROOT, "%016x", runtime.random().nextLong()));
        }
        return id.toString();
    }

    private long nanos() {
        Instant now = runtime.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
