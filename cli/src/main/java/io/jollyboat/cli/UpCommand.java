package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Kubeconfigs;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

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

    static void up(UpOptions options) throws Exception {
        if (!Requirements.isRootOnLinux()) {
            throw new CliException("up needs root on Linux, for network namespaces and containerd; "
                    + "./jolly up --embedded runs the control plane with simulated nodes as any user");
        }
        ClusterSpec wanted = options.spec();
        ClusterPaths paths = ClusterPaths.of(wanted.name());
        try (Interruption interruption = Interruption.watch();
                ClusterLock lock = ClusterLock.take(wanted.name(), paths)) {
            Optional<ClusterSpec> present = SpecFile.read(paths.specFile());
            present.ifPresent(options::refuseOtherThan);
            UpCommand command = new UpCommand(present.orElse(wanted), paths, new Progress(System.out));
            if (command.cluster.allRun() && Files.exists(paths.readyMark())) {
                System.out.println("The cluster " + wanted.name() + " is running already: nothing changed.");
                return;
            }
            // Where the description was lost, the data is somebody's all the same.
            boolean first = present.isEmpty() && !Files.exists(paths.data().resolve("etcd"));
            command.run(first, interruption);
        }
    }

    /** @param first whether there was no such cluster before */
    private void run(boolean first, Interruption interruption) throws Exception {
        boolean fresh = !cluster.anyRuns();
        try {
            check(fresh);
        } catch (Exception e) {
            if (first) {
                List.of(paths.data(), paths.data().getParent(), paths.run()).forEach(ClusterPaths::deleteIfEmpty);
            }
            throw e;
        }
        try {
            start();
        } catch (Exception e) {
            // Told to end, this thread was interrupted: what follows has to be done all the same.
            boolean interrupted = Thread.interrupted() || interruption.asked();
            if (fresh) {
                progress.step((interrupted ? "interrupted" : "failed") + ": taking back what was started");
                takeBack(first, interrupted);
            }
            throw e;
        }
    }

    /** Everything that can be known before anything is started. */
    private void check(boolean fresh) {
        Requirements.checkFolders(paths);
        Requirements.checkSocketPaths(spec, paths);
        Programs.ofThisMachine().ensure(progress);
        if (!spec.offline()) {
            for (String program : List.of(Egress.PROGRAM, OciRuntime.PREFERRED)) {
                Programs.ofThisMachine().tryToInstall(program, paths.data().resolve("no-" + program), progress);
            }
        }
        UserKubeconfig.check();
        if (!fresh) {
            return;
        }
        if (new Fabric(spec).linkIsForeign()) {
            throw new CliException("this machine has a network interface " + spec.linkName()
                    + " that is not this cluster's: remove it, or choose another cluster name with --name");
        }
        if (StopCommand.somethingIsThere(spec, paths)) {
            progress.step("taking away what an earlier run left");
            StopCommand.halt(spec, paths, progress);
        }
        Requirements.checkPorts(spec);
        Requirements.checkRanges(
                spec, Shell.must("ip", "-4", "route", "show").lines().toList());
    }

    /** Of a cluster that never was, only the logs stay; of one that was there before, everything that it keeps. */
    private void takeBack(boolean first, boolean interrupted) {
        StopCommand.halt(spec, paths, progress);
        if (!first) {
            return;
        }
        UserKubeconfig.remove(spec);
        if (interrupted) {
            Cleanup.deleteTree(paths.data());
            ClusterPaths.deleteIfEmpty(paths.data().getParent());
        } else {
            Cleanup.deleteAllBut(paths.data(), paths.logs());
        }
    }

    private void start() throws Exception {
        SpecFile.write(paths.specFile(), spec);
        network();
        certificates();
        progress.step("network and certificates are there");
        ComponentConfigs configs = new ComponentConfigs(spec, paths, pki);
        configs.writeAll();
        startProcesses();
        progress.step("processes started");
        ExecutorService work = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<?> images = work.submit(callable(this::importImages));
            Future<?> identity = work.submit(callable(pki::portableAdmin));
            ClusterProbe probe = new ClusterProbe(spec, pki);
            await("the API server", "api-server", probe::apiReady);
            progress.step("API server ready");
            finish(identity);
            UserKubeconfig.merge(spec, pki);
            for (LocalNode node : spec.localNodes()) {
                await("node " + node.name(), "kubelet-" + node.name(), () -> probe.nodeReady(node));
            }
            progress.step(spec.nodes() == 1 ? "node ready" : spec.nodes() + " nodes ready");
            await("DNS", "kube-proxy-" + spec.localNodes().getFirst().name(), probe::dnsAnswers);
            finish(images);
        } finally {
            work.shutdownNow();
        }
        tellOfWayOut();
        Files.writeString(paths.readyMark(), "");
        progress.step("ready: kubectl uses the context " + spec.name() + " in " + UserKubeconfig.file());
    }

    private void network() throws IOException {
        Fabric fabric = new Fabric(spec);
        if (!Files.exists(paths.networkMark())) {
            fabric.down();
        }
        fabric.up();
        Files.createDirectories(paths.run());
        Files.writeString(paths.networkMark(), "");
    }

    /** Only what is not as expected is worth a line. */
    private void tellOfWayOut() {
        Optional<String> obstacle = Egress.obstacle(spec);
        if (obstacle.isEmpty()) {
            obstacle = cluster.process(Egress.PROCESS).failure();
        }
        obstacle.ifPresent(o ->
                progress.step("pods have no way out of this machine: no image pulls, no outside names (" + o + ")"));
        if (obstacle.isEmpty()) {
            Egress.proxyOnLoopback(System.getenv())
                    .ifPresent(v -> progress.step(
                            "image pulls will fail: " + v + " names this machine's loopback, which worker hosts cannot "
                                    + "reach; a proxy that listens on " + spec.hostIp() + " works"));
        }
    }

    private void certificates() {
        List<LocalNode> nodes = spec.localNodes();
        try {
            pki.init(List.of(spec.hostIp(), spec.kubernetesIp()), List.of());
            nodes.forEach(node -> pki.addNode(node.name(), List.of(node.ip())));
        } catch (TlsException e) {
            throw new CliException(
                    e.getMessage() + " (or remove the cluster and its data with ./jolly down, and start anew)", e);
        }
        Kubeconfigs.write(paths.adminKubeconfig(), spec.name(), UserKubeconfig.server(spec), pki.admin());
    }

    private void startProcesses() throws IOException {
        if (Egress.obstacle(spec).isEmpty()) {
            cluster.process(Egress.PROCESS).start(Egress.command(spec.fabricNamespace()), Map.of());
        }
        cluster.process("etcd").start(Etcd.command(spec, paths), Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"));
        for (LocalNode node : spec.localNodes()) {
            Containerd containerd = new Containerd(paths, node);
            containerd.writeConfig();
            cluster.process("containerd-" + node.name())
                    .start(containerd.command(), Egress.proxyEnvironment(spec, System.getenv()));
        }
        startJava("api-server", JavaProcess.API_SERVER, List.of());
        for (LocalNode node : spec.localNodes()) {
            List<String> inHost = List.of("nsenter", "--net=/run/netns/" + node.namespace());
            startJava("kubelet-" + node.name(), JavaProcess.KUBELET, inHost);
            startJava("kube-proxy-" + node.name(), JavaProcess.KUBE_PROXY, inHost);
        }
        startJava("controller-manager", JavaProcess.CONTROLLER_MANAGER, List.of());
        startJava("scheduler", JavaProcess.SCHEDULER, List.of());
        cluster.process("log-keeper")
                .start(
                        List.of(
                                paths.root().resolve("deploy/keep-logs-small").toString(),
                                paths.logs().toString()),
                        Map.of());
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

    /** A process that cannot run is named with the end of its log; nothing is gained by waiting on. */
    private void await(String what, String process, BooleanSupplier condition) {
        boolean there = Wait.until(START_TIMEOUT_MILLIS, () -> {
            cluster.required().stream()
                    .map(ManagedProcess::failure)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(failure -> {
                        throw new CliException(failure);
                    });
            return condition.getAsBoolean();
        });
        if (!there) {
            throw new CliException(
                    what + " did not become ready in " + START_TIMEOUT_MILLIS / 1000 + " s: see " + paths.log(process));
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
