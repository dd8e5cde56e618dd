package io.jollyboat.cli;

import java.nio.file.Path;
import java.util.List;

/** The cluster's etcd: one member on loopback, TLS with client certificates, an etcd CA of its own. */
final class Etcd {
    private Etcd() {}

    static List<String> command(ClusterSpec spec, ClusterPaths paths) {
        Path pki = paths.pki().resolve("etcd");
        String client = "https://127.0.0.1:" + spec.etcdPort();
        String peer = "https://127.0.0.1:" + (spec.etcdPort() + 1);
        return List.of(
                "etcd",
                "--name=" + spec.name(),
                "--data-dir=" + paths.data().resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + spec.name() + "=" + peer,
                "--cert-file=" + pki.resolve("server.crt"),
                "--key-file=" + pki.resolve("server.key"),
                "--client-cert-auth",
                "--trusted-ca-file=" + pki.resolve("ca.crt"),
                "--peer-cert-file=" + pki.resolve("server.crt"),
                "--peer-key-file=" + pki.resolve("server.key"),
                "--peer-client-cert-auth",
                "--peer-trusted-ca-file=" + pki.resolve("ca.crt"),
                "--logger=zap",
                "--log-outputs=stderr",
                "--snapshot-count=10000",
                // How often its database file is brought up to date; what was acknowledged is in the write-ahead log
                // before. With its usual 100 ms it writes the file after each of a quiet cluster's lease renewals.
                "--backend-batch-interval=500ms");
    }
}
