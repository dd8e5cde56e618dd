package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;

/** Writes every component's configuration file; what is not set has the component's own default. */
final class ComponentConfigs {
    static final int CONTROLLER_MANAGER_PORT = 10257;
    static final int SCHEDULER_PORT = 10259;

    private final ClusterSpec spec;
    private final ClusterPaths paths;
    private final Pki pki;
    private final boolean wayOut;

    ComponentConfigs(ClusterSpec spec, ClusterPaths paths, Pki pki) {
        this.spec = spec;
        this.paths = paths;
        this.pki = pki;
        this.wayOut = Egress.obstacle(spec).isEmpty();
    }

    void writeAll() throws IOException {
        Files.createDirectories(paths.config("x").getParent());
        if (wayOut) {
            Egress.writePodResolvConf(paths.podResolvConf());
        }
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
        TlsFiles etcd = pki.apiServerEtcdClient();
        TlsFiles serving = pki.apiServer();
        TlsFiles kubeletClient = pki.apiServerKubeletClient();
        TlsFiles frontProxy = pki.frontProxyClient();
        return """
                bindAddress: 0.0.0.0
                advertiseAddress: %s
                port: %d
                grpcPort: %d
                services:
                  clusterIpRange: %s
                etcd:
                  endpoints: ["https://127.0.0.1:%d"]
                  caFile: %s
                  certFile: %s
                  keyFile: %s
                tls:
                  certFile: %s
                  keyFile: %s
                  caFile: %s
                kubeletClient:
                  certFile: %s
                  keyFile: %s
                  caFile: %s
                aggregation:
                  proxyClientCertFile: %s
                  proxyClientKeyFile: %s
                  requestHeader:
                    clientCaFile: %s
                    allowedNames: [front-proxy-client]
                serviceAccounts:
                  signingKeyFile: %s
                  publicKeyFiles: [%s]
                """.formatted(
                        spec.hostIp(),
                        spec.apiPort(),
                        spec.grpcPort(),
                        spec.serviceCidr(),
                        spec.etcdPort(),
                        etcd.authorities(),
                        etcd.certificate(),
                        etcd.key(),
                        serving.certificate(),
                        serving.key(),
                        serving.authorities(),
                        kubeletClient.certificate(),
                        kubeletClient.key(),
                        kubeletClient.authorities(),
                        frontProxy.certificate(),
                        frontProxy.key(),
                        pki.frontProxyAuthority(),
                        pki.serviceAccountPrivateKey(),
                        pki.serviceAccountPublicKey());
    }

    private String scheduler() {
        return connection("127.0.0.1", pki.scheduler())
                + "port: " + healthPort(SCHEDULER_PORT) + "\n"
                + serving(pki.schedulerServing());
    }

    private String controllerManager() {
        return connection("127.0.0.1", pki.controllerManager())
                + """
                port: %d
                clusterCidr: %s
                rootCaFile: %s
                signingCertFile: %s
                signingKeyFile: %s
                serviceAccountKeyFile: %s
                """.formatted(
                                healthPort(CONTROLLER_MANAGER_PORT),
                                spec.podCidr(),
                                pki.clusterAuthority(),
                                pki.clusterAuthority(),
                                pki.clusterAuthorityKey(),
                                pki.serviceAccountPrivateKey());
    }

    /** Of the port for health and metrics. */
    private static String serving(TlsFiles files) {
        return """
                servingCertFile: %s
                servingKeyFile: %s
                clientCaFile: %s
                """.formatted(files.certificate(), files.key(), files.authorities());
    }

    private String kubelet(LocalNode node) {
        TlsFiles serving = pki.kubeletServing(node.name());
        return connection(spec.hostIp(), pki.kubeletClient(node.name()))
                + """
                nodeName: %s
                nodeIp: %s
                runtimeEndpoint: %s
                rootDir: %s
                podLogsDir: %s
                cniConfDir: %s
                cgroupRoot: %s
                clusterDns: [%s]
                certFile: %s
                keyFile: %s
                clientCaFile: %s
                """.formatted(
                                node.name(),
                                node.ip(),
                                paths.containerdSocket(node),
                                paths.node(node).resolve("kubelet"),
                                paths.node(node).resolve("pod-logs"),
                                new Containerd(paths, node).cniConfFolder(),
                                Cleanup.cgroupRoot(spec, node),
                                spec.dnsIp(),
                                serving.certificate(),
                                serving.key(),
                                serving.authorities())
                + (wayOut ? "resolvConf: " + paths.podResolvConf() + "\n" : "");
    }

    private String kubeProxy(LocalNode node) {
        return connection(spec.hostIp(), pki.kubeProxy())
                + """
                nodeName: %s
                nodeIp: %s
                clusterDns: %s
                podCidr: %s
                serviceCidr: %s
                """.formatted(node.name(), node.ip(), spec.dnsIp(), spec.podCidr(), spec.serviceCidr())
                + (wayOut ? "resolvConf: " + Egress.resolvConf() + "\nloopbackRelay: " + Egress.DNS_RELAY + "\n" : "");
    }

    /** Upstream's port for the cluster of the usual name; any for others, which may run beside it. */
    private int healthPort(int usual) {
        return hasUsualPorts(spec) ? usual : 0;
    }

    static boolean hasUsualPorts(ClusterSpec spec) {
        return spec.name().equals("jollyboat");
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
}
