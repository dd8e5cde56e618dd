package io.jollyboat.cli;

import java.nio.file.Path;

/**
 * Where a cluster keeps its files.
 *
 * @param data survives {@code stop}: etcd, certificates, images, configuration, logs
 * @param run gone after {@code stop}: pid files, sockets
 */
record ClusterPaths(Path root, Path data, Path run) {
    static ClusterPaths of(String cluster) {
        String data = System.getenv().getOrDefault("JOLLY_DATA", "/var/lib/jollyboat");
        String run = System.getenv().getOrDefault("JOLLY_RUN", "/run/jollyboat");
        String root = System.getenv("JOLLY_ROOT");
        if (root == null) {
            throw new CliException("JOLLY_ROOT is not set: start jolly with its script");
        }
        return new ClusterPaths(Path.of(root), Path.of(data, cluster), Path.of(run, cluster));
    }

    Path pki() {
        return data.resolve("pki");
    }

    Path logs() {
        return data.resolve("logs");
    }

    Path config(String process) {
        return data.resolve("config").resolve(process + ".yaml");
    }

    Path pidFile(String process) {
        return run.resolve(process + ".pid");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    Path specFile() {
        return data.resolve("cluster.properties");
    }

    Path adminKubeconfig() {
        return data.resolve("admin.kubeconfig");
    }

    Path node(ClusterSpec.LocalNode node) {
        return data.resolve("nodes").resolve(node.name());
    }

    Path nodeRun(ClusterSpec.LocalNode node) {
        return run.resolve(node.name());
    }

    Path containerdSocket(ClusterSpec.LocalNode node) {
        return nodeRun(node).resolve("containerd.sock");
    }

    Path distribution() {
        return root.resolve("dist/target");
    }

    Path images() {
        return data.resolve("images");
    }
}
