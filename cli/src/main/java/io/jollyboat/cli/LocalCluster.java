package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The processes of a local cluster, in the order in which they are started. */
final class LocalCluster {
    private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();

    LocalCluster(ClusterSpec spec, ClusterPaths paths) {
        List<String> names = new ArrayList<>(List.of("etcd"));
        for (LocalNode node : spec.localNodes()) {
            names.add("containerd-" + node.name());
        }
        if (!spec.offline()) {
            names.add(Egress.PROCESS);
        }
        names.addAll(List.of("api-server", "scheduler", "controller-manager"));
        for (LocalNode node : spec.localNodes()) {
            names.add("kubelet-" + node.name());
            names.add("kube-proxy-" + node.name());
        }
        names.add("log-keeper");
        names.forEach(name -> processes.put(name, new ManagedProcess(paths, name)));
    }

    private LocalCluster(ClusterPaths paths, List<String> names) {
        names.forEach(name -> processes.put(name, new ManagedProcess(paths, name)));
    }

    /** What has left a pid file, whatever the cluster was meant to have. */
    static LocalCluster found(ClusterPaths paths) {
        if (!Files.isDirectory(paths.run())) {
            return new LocalCluster(paths, List.of());
        }
        try (Stream<Path> files = Files.list(paths.run())) {
            return new LocalCluster(
                    paths,
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".pid"))
                            .map(file -> file.substring(0, file.length() - ".pid".length()))
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw CliException.of("cannot look into", paths.run(), e);
        }
    }

    ManagedProcess process(String name) {
        ManagedProcess process = processes.get(name);
        if (process == null) {
            throw new CliException("no component " + name + "; there are: " + String.join(", ", processes.keySet()));
        }
        return process;
    }

    List<ManagedProcess> all() {
        return List.copyOf(processes.values());
    }

    /** Those that a cluster cannot be without. */
    List<ManagedProcess> required() {
        return all().stream().filter(p -> !p.name().equals(Egress.PROCESS)).toList();
    }

    boolean allRun() {
        return required().stream().allMatch(process -> process.supervisor().isPresent());
    }

    boolean anyRuns() {
        return all().stream().anyMatch(process -> process.supervisor().isPresent());
    }

    /** Ends all but the containerds and etcd first, so that nobody acts on a half-stopped cluster. */
    void stopComponents() {
        List<ManagedProcess> components = all().stream().filter(p -> !isBase(p)).toList();
        components.forEach(ManagedProcess::requestStop);
        components.forEach(process -> process.awaitStop(15_000));
    }

    void stopBase() {
        List<ManagedProcess> base = all().stream().filter(LocalCluster::isBase).toList();
        base.forEach(ManagedProcess::requestStop);
        base.forEach(process -> process.awaitStop(15_000));
    }

    private static boolean isBase(ManagedProcess process) {
        return process.name().equals("etcd") || process.name().startsWith("containerd-");
    }
}
