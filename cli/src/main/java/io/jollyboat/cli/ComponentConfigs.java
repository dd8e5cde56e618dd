package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes every component's configuration file; what is not set has the component's own default. */
final class ComponentConfigs {
    private final ClusterSpec spec;
    private final ClusterPaths paths;
    private final Pki pki;

    ComponentConfigs(ClusterSpec spec, ClusterPaths paths, Pki pki) {
        this.spec = spec;
        this.paths = paths;
        this.pki = pki;
    }

    void writeAll() throws IOException {
        Files.createDirectories(paths.config("x").getParent());
        Files.writeString(paths.config("api-server"), apiServer());
        Files.writeString(paths.config("scheduler"), scheduler());
        Files.writeString(paths.config("controller-manager"), controllerManager());
        for (LocalNode node : spec.localNodes()) {
            Files.createDirectories(paths.node(node));
            Files.writeString(paths.config("kubelet-" + node.name()), kubelet(node));
            Files.writeString(paths.config("kube-proxy-" + node.name()), kubeProxy(node));
        }
    }

    private String apiServer() {
        return "";
    }

    private String scheduler() {
        return connection("127.0.0.1", pki.scheduler());
    }

    private String controllerManager() {
        return connection("127.0.0.1", pki.controllerManager());
    }

    private String kubelet(LocalNode node) {
        return connection(spec.hostIp(), pki.kubeletClient(node.name()));
    }

    private String kubeProxy(LocalNode node) {
        return connection(spec.hostIp(), pki.kubeProxy());
    }

    private String connection(String host, TlsFiles files) {
        return """
                apiServer:
                  address: "%s:%d"
                  caFile: %s
                  certFile: %s
                  keyFile: %s
                """.formatted(host, spec.grpcPort(), files.authorities(), files.certificate(), files.key());
    }

    static Path absolute(Path path) {
        return path.toAbsolutePath();
    }
}
