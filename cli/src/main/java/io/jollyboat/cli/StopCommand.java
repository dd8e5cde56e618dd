package io.jollyboat.cli;

import io.jollyboat.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@code stop}: ends everything, keeps the data; {@code down}: leaves nothing. */
final class StopCommand {
    private StopCommand() {}

    static void stop(String name) {
        ClusterPaths paths = ClusterPaths.of(name);
        requireRoot("stop");
        ClusterSpec spec = SpecFile.read(paths.specFile())
                .orElseThrow(() -> new CliException("no cluster named " + name + " here: nothing to stop"));
        try (ClusterLock lock = ClusterLock.take(name, paths)) {
            if (!somethingIsThere(spec, paths)) {
                System.out.println("The cluster " + name + " is stopped already.");
                return;
            }
            halt(spec, paths, new Progress(System.out));
        }
        System.out.println("Stopped. ./jolly up starts it again with its data, ./jolly down removes it.");
    }

    /** Works without a readable description of the cluster, too: all that it made carries its name or its folders. */
    static void down(String name) {
        ClusterPaths paths = ClusterPaths.of(name);
        requireRoot("down");
        ClusterSpec spec = describe(name, paths);
        if (!Files.exists(paths.data()) && !somethingIsThere(spec, paths)) {
            System.out.println("No cluster named " + name + " here: nothing to do.");
            return;
        }
        Progress progress = new Progress(System.out);
        try (ClusterLock lock = ClusterLock.take(name, paths)) {
            halt(spec, paths, progress);
            forgetContext(spec, progress);
            Cleanup.deleteTree(paths.data());
            ClusterPaths.deleteIfEmpty(paths.data().getParent());
        }
        progress.step("gone: processes, namespaces, mounts, cgroups, files");
    }

    private static void requireRoot(String command) {
        if (!Requirements.isRootOnLinux()) {
            throw new CliException(command + " needs root on Linux, as up does");
        }
    }

    /** Whether there is anything to end. */
    static boolean somethingIsThere(ClusterSpec spec, ClusterPaths paths) {
        return !isEmpty(paths.run())
                || new Fabric(spec).anyExists()
                || new Cleanup(spec, paths).anyCgroup()
                || !Marks.below(paths.run()).isEmpty();
    }

    private static boolean isEmpty(Path folder) {
        String[] children = folder.toFile().list();
        return children == null || children.length == 0;
    }

    /** Ends processes and pods, and takes the network away. Needs nothing to be whole. */
    static void halt(ClusterSpec spec, ClusterPaths paths, Progress progress) {
        LocalCluster cluster = LocalCluster.found(paths);
        cluster.stopComponents();
        progress.step("components ended");
        Cleanup cleanup = new Cleanup(spec, paths);
        cleanup.endPods();
        cluster.stopBase();
        cleanup.endStrays();
        cleanup.unmount();
        cleanup.removeCgroups();
        cleanup.forgetCniResults();
        new Fabric(spec).down();
        Cleanup.deleteTree(paths.run());
        progress.step("pods, etcd, containerd and network ended");
    }

    /** As it was made, or where that cannot be read, as far as this machine shows it. */
    private static ClusterSpec describe(String name, ClusterPaths paths) {
        try {
            return SpecFile.read(paths.specFile()).orElseGet(() -> guess(name));
        } catch (CliException e) {
            System.out.println("jolly: " + e.getMessage());
            return guess(name);
        }
    }

    private static ClusterSpec guess(String name) {
        int nodes = 1;
        Path namespaces = Path.of("/run/netns");
        if (Files.isDirectory(namespaces)) {
            try (Stream<Path> all = Files.list(namespaces)) {
                nodes = all.map(path -> path.getFileName().toString())
                        .filter(file -> file.matches(name + "-node-[1-9]\\d?"))
                        .mapToInt(file -> Integer.parseInt(file.substring((name + "-node-").length())))
                        .max()
                        .orElse(1);
            } catch (IOException e) {
                throw CliException.of("cannot look into", namespaces, e);
            }
        }
        return ClusterSpec.defaults(name, nodes);
    }

    /** A kubeconfig that cannot be changed keeps nobody from removing the cluster. */
    private static void forgetContext(ClusterSpec spec, Progress progress) {
        try {
            UserKubeconfig.remove(spec);
        } catch (TlsException e) {
            progress.step("the context " + spec.name() + " stays in your kubeconfig: " + e.getMessage());
        }
    }
}
