package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code status}, {@code logs} and {@code load}: looking at a cluster, and giving it images. */
final class StatusCommand {
    private StatusCommand() {}

    static void status(String name) {
        ClusterPaths paths = ClusterPaths.of(name);
        ClusterSpec spec = spec(name, paths);
        System.out.printf("%-28s %-10s %8s %10s%n", "PROCESS", "STATE", "PID", "PSS");
        for (ManagedProcess process : new LocalCluster(spec, paths).all()) {
            var handle = process.process();
            System.out.printf(
                    "%-28s %-10s %8s %10s%n",
                    process.name(),
                    handle.isPresent() ? "running" : process.supervisor().isPresent() ? "restarting" : "stopped",
                    handle.map(h -> Long.toString(h.pid())).orElse("-"),
                    handle.map(h -> pss(h.pid())).orElse("-"));
        }
        Shell.Result nodes = Shell.run(
                List.of("kubectl", "--kubeconfig", paths.adminKubeconfig().toString(), "get", "nodes"), Map.of(), "");
        System.out.println();
        System.out.println(nodes.output());
    }

    static void logs(String name, String component, boolean follow) throws InterruptedException {
        ClusterPaths paths = ClusterPaths.of(name);
        LocalCluster cluster = new LocalCluster(spec(name, paths), paths);
        if (component == null) {
            cluster.all().forEach(process -> System.out.println(process.name()));
            return;
        }
        Path log = paths.log(cluster.process(component).name());
        if (!Files.exists(log)) {
            throw new CliException("no log yet: " + log);
        }
        List<String> command = new ArrayList<>(List.of("tail", "-n", "+1"));
        if (follow) {
            command.add("-F");
        }
        command.add(log.toString());
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (java.io.IOException e) {
            throw new CliException("cannot run tail: " + e.getMessage(), e);
        }
    }

    static void load(String name, List<Path> archives) {
        ClusterPaths paths = ClusterPaths.of(name);
        ClusterSpec spec = spec(name, paths);
        for (Path archive : archives) {
            if (!Files.isRegularFile(archive) || !Files.isReadable(archive)) {
                throw new CliException("cannot read " + archive + ": "
                        + (Files.exists(archive) ? "no file that may be read" : "no such file"));
            }
            for (LocalNode node : spec.localNodes()) {
                Containerd containerd = new Containerd(paths, node);
                if (!containerd.answers()) {
                    throw new CliException("containerd on " + node.name() + " does not answer: is the cluster up?");
                }
                containerd.importImage(archive);
            }
            System.out.println("loaded " + archive + " on " + spec.nodes() + (spec.nodes() == 1 ? " node" : " nodes"));
        }
    }

    private static ClusterSpec spec(String name, ClusterPaths paths) {
        return SpecFile.read(paths.specFile())
                .orElseThrow(() -> new CliException("no cluster named " + name + " here: start one with ./jolly up"));
    }

    /** Proportional set size: memory shared with others counts in part. */
    private static String pss(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB")
                    .findFirst()
                    .orElse("-");
        } catch (java.io.IOException e) {
            return "-";
        }
    }
}
