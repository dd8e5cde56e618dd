package io.jollyboat.kubelet;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.events.CoreEventRecorder;
import io.jollyboat.events.EventType;
import io.jollyboat.events.References;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kubelet.cgroups.Cgroups;
import io.jollyboat.kubelet.cgroups.HostCgroups;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.cri.SimulatedRuntime;
import io.jollyboat.kubelet.dns.PodDns;
import io.jollyboat.kubelet.env.DownwardFields;
import io.jollyboat.kubelet.env.Environments;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.images.Images;
import io.jollyboat.kubelet.logs.LogRotator;
import io.jollyboat.kubelet.node.CniConfig;
import io.jollyboat.kubelet.node.LeaseKeeper;
import io.jollyboat.kubelet.node.Machine;
import io.jollyboat.kubelet.node.NodeInspector;
import io.jollyboat.kubelet.node.NodeReporter;
import io.jollyboat.kubelet.node.NodeSettings;
import io.jollyboat.kubelet.objects.WatchedObjects;
import io.jollyboat.kubelet.pod.NodeParts;
import io.jollyboat.kubelet.pod.PodLoops;
import io.jollyboat.kubelet.pod.PodPaths;
import io.jollyboat.kubelet.server.KubeletServer;
import io.jollyboat.kubelet.volumes.HostVolumes;
import io.jollyboat.kubelet.volumes.PodVolumes;
import io.jollyboat.kubelet.volumes.ServiceAccountTokens;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import io.jollyboat.values.Quantities;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts a kubelet together. */
public final class Kubelet implements AutoCloseable {
    private static final Log LOG = Log.of(Kubelet.class);
    private static final Duration COMPARE = Duration.ofSeconds(30);
    private static final Duration COMPARE_UNSYNCED = Duration.ofMillis(500);

    private final KubeletConfig config;
    private final Runtime runtime;
    private final ContainerRuntime cri;
    private final PodFeed pods;
    private final Informer<Service> services;
    private final CoreEventRecorder events;
    private final WatchedObjects objects;
    private final PodLoops loops;
    private final NodeReporter reporter;
    private final LeaseKeeper lease;
    private final Consumer<String> podRange;
    private final Optional<KubeletServer> server;
    private final Optional<LogRotator> rotator;
    private final Cgroups cgroups;
    private Thread follower;

    /**
     * @param informers of the caller's, who starts them after this
     * @param cri closed by the caller
     */
    public Kubelet(
            KubeletConfig config,
            ApiClient client,
            Informers informers,
            ContainerRuntime cri,
            Runtime runtime,
            Metrics metrics) {
        this(
                config,
                client,
                PodFeed.of(informers.of(Kinds.of(Pod.class), Selection.fields("spec.nodeName=" + config.nodeName()))),
                informers.of(Kinds.of(Service.class)),
                cri,
                runtime,
                metrics);
    }

    Kubelet(
            KubeletConfig config,
            ApiClient client,
            PodFeed pods,
            Informer<Service> services,
            ContainerRuntime cri,
            Runtime runtime,
            Metrics metrics) {
        this.config = config;
        this.runtime = runtime;
        this.cri = cri;
        boolean onHost = config.runtime() == KubeletConfig.RuntimeKind.CRI;
        this.pods = pods;
        this.services = services;
        events = new CoreEventRecorder(client, "kubelet", config.nodeName(), runtime);
        objects = new WatchedObjects(client, runtime, this::objectChanged);
        NodeSettings settings = settings(config);
        Machine machine = onHost ? new Machine(config.rootDir()) : Machine.unknown();
        NodeInspector inspector = new NodeInspector(settings, machine, cri);
        DownwardFields downward = new DownwardFields(inspector.allocatable());
        PodPaths paths = new PodPaths(config.rootDir(), config.podLogsDir());
        PodVolumes volumes = onHost
                ? new HostVolumes(
                        paths.pods(),
                        objects,
                        new ServiceAccountTokens(client, runtime),
                        downward,
                        config.nodeIp(),
                        runtime)
                : PodVolumes.NONE;
        cgroups = onHost ? new HostCgroups(Path.of("/sys/fs/cgroup"), config.cgroupRoot(), runtime) : Cgroups.NONE;
        PodEvents podEvents = this::recordEvent;
        NodeParts parts = new NodeParts(
                client,
                cri,
                volumes,
                cgroups,
                new Images(
                        cri,
                        objects,
                        podEvents,
                        runtime,
                        onHost ? config.rootDir().resolve("image-pulls.json") : null,
                        config.parallelImagePulls()),
                new Environments(objects, services::list, downward, config.nodeIp()),
                objects,
                podEvents,
                new PodDns(config.clusterDns(), config.clusterDomain(), config.resolvConf()),
                paths,
                config.nodeIp(),
                config.clusterDomain(),
                Quantities.value(inspector.capacity().get("memory")),
                onHost ? "containerd" : "simulated",
                onHost,
                runtime);
        loops = new PodLoops(parts);
        podRange = podRange(config, cri);
        server = config.certFile().map(cert -> server(cert, metrics));
        rotator = onHost
                ? Optional.of(new LogRotator(
                        cri, Quantities.value(config.containerLogMaxSize()), config.containerLogMaxFiles(), runtime))
                : Optional.empty();
        lease = new LeaseKeeper(client, config.nodeName(), config.leaseRenewal(), runtime);
        reporter = new NodeReporter(client, settings, inspector, events, runtime, this::nodeSeen);
    }

    /**
     * Returns at once; what cannot be reached yet is waited for in the background.
     *
     * @throws IOException a BindException when the server's address is in use
     */
    public void start() throws IOException {
        if (server.isPresent()) {
            server.get().start();
        }
        if (cgroups instanceof HostCgroups host) {
            host.start(new Machine(config.rootDir()).cpus());
        }
        events.start();
        reporter.start();
        lease.start();
        rotator.ifPresent(LogRotator::start);
        follower = runtime.start("kubelet " + config.nodeName(), this::follow);
    }

    /** Pods run on; only their care ends. */
    @Override
    public void close() {
        if (follower != null) {
            follower.interrupt();
        }
        server.ifPresent(KubeletServer::close);
        rotator.ifPresent(LogRotator::close);
        loops.close();
        lease.close();
        reporter.close();
        objects.close();
        events.close();
    }

    public PodLoops loops() {
        return loops;
    }

    /** Pods are started when Services are known: their addresses go into containers' environments. */
    private void follow() {
        try {
            while (!services.hasSynced() || !runtimeAnswers()) {
                runtime.sleep(Duration.ofMillis(20));
            }
            pods.subscribe(loops::onChange);
            cri.subscribe(loops);
            while (true) {
                boolean allKnown = pods.hasSynced();
                loops.compare(allKnown);
                runtime.sleep(allKnown ? COMPARE : COMPARE_UNSYNCED);
            }
        } catch (InterruptedException e) {
            LOG.debug("kubelet closed", "key", config.nodeName());
        }
    }

    private boolean runtimeAnswers() {
        try {
            return cri.status().hasStatus();
        } catch (CriException e) {
            LOG.debug("container runtime does not answer yet", "error", e.rpcText());
            return false;
        }
    }

    private void nodeSeen(Node node) {
        lease.owner(node);
        if (!node.getSpec().getPodCIDR().isEmpty()) {
            podRange.accept(node.getSpec().getPodCIDR());
        }
    }

    private static Consumer<String> podRange(KubeletConfig config, ContainerRuntime cri) {
        if (cri instanceof SimulatedRuntime simulated) {
            return simulated::usePodCidr;
        }
        return config.cniConfDir()
                .map(folder -> new CniConfig(folder, config.rootDir().resolve("cni")))
                .<Consumer<String>>map(c -> c::write)
                .orElse(range -> {});
    }

    private KubeletServer server(Path cert, Metrics metrics) {
        TlsContexts tls = new TlsContexts(new TlsFiles(
                cert, config.keyFile().orElse(null), config.clientCaFile().orElse(null)));
        return new KubeletServer(
                new InetSocketAddress(config.nodeIp(), config.port()),
                tls.jdk(),
                config.clientNames(),
                loops,
                cri,
                metrics,
                runtime);
    }

    private void objectChanged(String podUid) {
        loops.objectChanged(podUid);
    }

    private void recordEvent(Pod pod, String fieldPath, boolean warning, String reason, String message) {
        events.record(
                References.to(Kinds.of(Pod.class), pod, fieldPath),
                warning ? EventType.WARNING : EventType.NORMAL,
                reason,
                message);
    }

    private static NodeSettings settings(KubeletConfig config) {
        return new NodeSettings(
                config.nodeName(),
                config.nodeIp(),
                config.port(),
                config.maxPods(),
                config.capacity(),
                config.reserved(),
                config.nodeLabels(),
                config.minFreeMemory(),
                config.minFreeDiskPercent(),
                config.leaseRenewal(),
                config.statusInterval());
    }
}
