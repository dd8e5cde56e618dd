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
        Path data = folder("JOLLY_DATA", "/var/lib/jollyboat");
        Path run = folder("JOLLY_RUN", "/run/jollyboat");
        String root = System.getenv("JOLLY_ROOT");
        if (root == null) {
            throw new CliException("JOLLY_ROOT is not set: start jolly with its script");
        }
        return new ClusterPaths(Path.of(root), data.resolve(cluster), run.resolve(cluster));
    }

    /** Absolute, since every process has a working directory of its own. */
    private static Path folder(String variable, String otherwise) {
        String value = System.getenv(variable);
        return Path.of(value == null || value.isBlank() ? otherwise : value)
                .toAbsolutePath()
                .normalize();
    }

    /** A folder with something in it, and one that is a mount point, stay. */
    static void deleteIfEmpty(Path folder) {
        folder.toFile().delete();
    }

    /** Written when {@code up} is through. */
    Path readyMark() {
        return run.resolve("ready");
    }

    /** Written when the network is whole: without it, what there is of a network is half-made. */
    Path networkMark() {
        return run.resolve("network");
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

    /** The user's settings for registries, in containerd's form: {@code HOST/hosts.toml}. */
    Path registries() {
        return data.resolve("certs.d");
    }

    /** What pods with the host's own DNS get. */
    Path podResolvConf() {
        return data.resolve("resolv.conf");
    }

    Path images() {
        return data.resolve("images");
    }
}
