package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Kubeconfigs;
import io.jollyboat.tls.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code up}: from nothing, or from a stopped cluster, to one that kubectl can use. */
final class UpCommand {
    private static final long START_TIMEOUT_MILLIS = 90_000;
    /** glibc would keep an arena of memory per thread. */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    private final ClusterSpec spec;
    private final ClusterPaths paths;
    private final Progress progress;
    private final LocalCluster cluster;
    private final Pki pki;

    private UpCommand(ClusterSpec spec, ClusterPaths paths, Progress progress) {
        this.spec = spec;
        this.paths = paths;
        this.progress = progress;
        this.cluster = new LocalCluster(spec, paths);
        this.pki = new Pki(paths.pki(), SystemRuntime.instance()::now);
    }

    /** @param nodesGiven whether the user named a number of nodes, which then must be the running cluster's */
    static void up(ClusterSpec wanted, boolean nodesGiven) throws Exception {
        if (!Requirements.isRootOnLinux()) {
            throw new CliException("up needs root on Linux, for network namespaces and containerd; "
                    + "./jolly up --embedded runs the control plane with simulated nodes as any user");
        }
        ClusterPaths paths = ClusterPaths.of(wanted.name());
        Progress progress = new Progress(System.out);
        try (ClusterLock lock = ClusterLock.take(wanted.name(), paths)) {
            ClusterSpec spec = SpecFile.read(paths.specFile()).orElse(wanted);
            if (nodesGiven && spec.nodes() != wanted.nodes()) {
                throw new CliException("the cluster here has " + spec.nodes() + " nodes, not " + wanted.nodes()
                        + ": ./jolly down removes it, or leave out --nodes");
            }
            UpCommand command = new UpCommand(spec, paths, progress);
            if (command.cluster.allRun()) {
                System.out.println("The cluster " + spec.name() + " is running already: nothing changed.");
                return;
            }
            boolean fresh = !command.cluster.anyRuns();
            try {
                command.start(fresh);
            } catch (CliException e) {
                if (fresh) {
                    progress.step("failed: taking back what was started");
                    StopCommand.halt(spec, paths, progress);
                }
                throw e;
            }
        }
    }

    private void start(boolean fresh) throws Exception {
        Requirements.ensurePrograms(progress);
        Requirements.checkDisk(paths.data());
        if (fresh) {
            Requirements.checkPort("api", spec.apiPort());
            Requirements.checkPort("grpc", spec.grpcPort());
            Requirements.checkPort("etcd", spec.etcdPort());
        }
        SpecFile.write(paths.specFile(), spec);
        new Fabric(spec).up();
        certificates();
        progress.step("network and certificates are there");
        ComponentConfigs configs = new ComponentConfigs(spec, paths, pki);
        configs.writeAll();
        startProcesses();
        progress.step("processes started");
        try (ExecutorService work = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> images = work.submit(callable(this::importImages));
            ClusterProbe probe = new ClusterProbe(spec, pki);
            await("the API server", "api-server", probe::apiReady);
            progress.step("API server ready");
            UserKubeconfig.merge(spec, pki);
            for (LocalNode node : spec.localNodes()) {
                await("node " + node.name(), "kubelet-" + node.name(), () -> probe.nodeReady(node));
            }
            progress.step(spec.nodes() == 1 ? "node ready" : spec.nodes() + " nodes ready");
            await("DNS", "kube-proxy-" + spec.localNodes().getFirst().name(), probe::dnsAnswers);
            finish(images);
        }
        progress.step("ready: kubectl uses the context " + spec.name() + " in " + UserKubeconfig.file());
    }

    private void certificates() {
        List<LocalNode> nodes = spec.localNodes();
        pki.init(List.of(spec.hostIp(), spec.kubernetesIp()), List.of());
        nodes.forEach(node -> pki.addNode(node.name(), List.of(node.ip())));
        Kubeconfigs.write(paths.adminKubeconfig(), spec.name(), UserKubeconfig.server(spec), pki.admin());
    }

    private void startProcesses() throws IOException {
        cluster.process("etcd").start(Etcd.command(spec, paths), Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"));
        for (LocalNode node : spec.localNodes()) {
            Containerd containerd = new Containerd(paths, node);
            containerd.writeConfig();
            cluster.process("containerd-" + node.name()).start(containerd.command(), Map.of());
        }
        startJava("api-server", JavaProcess.API_SERVER, List.of());
        for (LocalNode node : spec.localNodes()) {
            List<String> inHost = List.of("nsenter", "--net=/run/netns/" + node.namespace());
            startJava("kubelet-" + node.name(), JavaProcess.KUBELET, inHost);
            startJava("kube-proxy-" + node.name(), JavaProcess.KUBE_PROXY, inHost);
        }
        startJava("controller-manager", JavaProcess.CONTROLLER_MANAGER, List.of());
        startJava("scheduler", JavaProcess.SCHEDULER, List.of());
    }

    private void startJava(String name, JavaProcess process, List<String> prefix) {
        List<String> command = new java.util.ArrayList<>(prefix);
        command.addAll(
                process.command(paths, List.of("--config", paths.config(name).toString())));
        cluster.process(name).start(command, ENVIRONMENT);
    }

    /** The pause image first: the first pod needs it. */
    private void importImages() {
        List<Path> archives = LocalImages.ensure(paths.images());
        for (LocalNode node : spec.localNodes()) {
            Containerd containerd = new Containerd(paths, node);
            if (!Wait.until(START_TIMEOUT_MILLIS, containerd::answers)) {
                throw new CliException("containerd on " + node.name() + " does not answer: see "
                        + paths.log("containerd-" + node.name()));
            }
            List<String> present = containerd.images();
            if (!present.contains(LocalImages.PAUSE)
                    || present.stream().noneMatch(i -> i.endsWith("jollyboat/web:2"))) {
                archives.forEach(containerd::importImage);
            }
        }
    }

    /** A process that gave up is named with the last line of its log; nothing is gained by waiting on. */
    private void await(String what, String process, java.util.function.BooleanSupplier condition) {
        boolean there = Wait.until(START_TIMEOUT_MILLIS, () -> {
            for (ManagedProcess managed : cluster.all()) {
                if (managed.supervisor().isEmpty()) {
                    throw new CliException(managed.name() + " cannot run: " + lastLine(paths.log(managed.name()))
                            + " (all of it: " + paths.log(managed.name()) + ")");
                }
            }
            return condition.getAsBoolean();
        });
        if (!there) {
            throw new CliException(
                    what + " did not become ready in " + START_TIMEOUT_MILLIS / 1000 + " s: see " + paths.log(process));
        }
    }

    private static String lastLine(Path log) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("run-forever:"))
                    .reduce((a, b) -> b)
                    .orElse("it wrote nothing");
        } catch (IOException e) {
            return "it has no log";
        }
    }

    private static Callable<Void> callable(Runnable task) {
        return () -> {
            task.run();
            return null;
        };
    }

    private static void finish(Future<?> work) throws Exception {
        try {
            work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CliException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
