package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The processes of a local cluster, in the order in which they are started. */
final class LocalCluster {
    private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();

    LocalCluster(ClusterSpec spec, ClusterPaths paths) {
        List<String> names = new ArrayList<>(List.of("etcd"));
        for (LocalNode node : spec.localNodes()) {
            names.add("containerd-" + node.name());
        }
        names.addAll(List.of("api-server", "scheduler", "controller-manager"));
        for (LocalNode node : spec.localNodes()) {
            names.add("kubelet-" + node.name());
            names.add("kube-proxy-" + node.name());
        }
        names.forEach(name -> processes.put(name, new ManagedProcess(paths, name)));
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

    boolean allRun() {
        return all().stream().allMatch(process -> process.supervisor().isPresent());
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
