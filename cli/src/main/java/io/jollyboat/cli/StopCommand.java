package io.jollyboat.cli;

/** {@code stop}: ends everything, keeps the data; {@code down}: leaves nothing. */
final class StopCommand {
    private StopCommand() {}

    static void stop(String name) {
        ClusterPaths paths = ClusterPaths.of(name);
        ClusterSpec spec = SpecFile.read(paths.specFile())
                .orElseThrow(() -> new CliException("no cluster named " + name + " here"));
        try (ClusterLock lock = ClusterLock.take(name, paths)) {
            halt(spec, paths, new Progress(System.out));
        }
        System.out.println("Stopped. ./jolly up starts it again with its data, ./jolly down removes it.");
    }

    static void down(String name) {
        ClusterPaths paths = ClusterPaths.of(name);
        ClusterSpec spec = SpecFile.read(paths.specFile()).orElse(null);
        if (spec == null) {
            System.out.println("No cluster named " + name + " here: nothing to do.");
            return;
        }
        Progress progress = new Progress(System.out);
        try (ClusterLock lock = ClusterLock.take(name, paths)) {
            halt(spec, paths, progress);
            UserKubeconfig.remove(spec);
            Cleanup.deleteTree(paths.data());
            deleteIfEmpty(paths.data().getParent());
        }
        deleteLock(name, paths);
        progress.step("gone: processes, namespaces, mounts, cgroups, files");
    }

    /** Ends processes and pods, and takes the network away. */
    static void halt(ClusterSpec spec, ClusterPaths paths, Progress progress) {
        LocalCluster cluster = new LocalCluster(spec, paths);
        cluster.stopComponents();
        progress.step("components ended");
        Cleanup cleanup = new Cleanup(spec, paths);
        cleanup.endPods();
        cluster.stopBase();
        cleanup.unmount();
        cleanup.removeCgroups();
        new Fabric(spec).down();
        Cleanup.deleteTree(paths.run());
        progress.step("pods, etcd, containerd and network ended");
    }

    private static void deleteLock(String name, ClusterPaths paths) {
        java.io.File folder = paths.run().getParent().toFile();
        new java.io.File(folder, name + ".lock").delete();
        deleteIfEmpty(folder.toPath());
    }

    /** A folder with other clusters in it stays. */
    private static void deleteIfEmpty(java.nio.file.Path folder) {
        folder.toFile().delete();
    }
}
