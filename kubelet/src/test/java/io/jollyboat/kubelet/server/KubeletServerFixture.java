package io.jollyboat.kubelet.server;

import io.jollyboat.kubelet.KubeletConfig;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kubelet's door in front of containerd; skipped, saying why, where none can be run. */
abstract class KubeletServerFixture {
    @TempDir
    static Path folder;

    static ContainerdHost host;
    static GrpcContainerRuntime cri;
    static TestNode node;
    static KubeletServer server;
    static Pki pki;

    @BeforeAll
    static void start() throws Exception {
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
        node = new TestNode(
                        new MemoryApi(SystemRuntime.instance()),
                        TestNode.config(host.folder(), KubeletConfig.RuntimeKind.CRI, host.cgroupRoot()),
                        cri)
                .start();
        pki = new Pki(folder, Clock.systemUTC());
        pki.init(List.of("127.0.0.1"), List.of("127.0.0.1"));
        pki.addNode("node-a", List.of("127.0.0.1"));
        TlsContexts tls = new TlsContexts(pki.kubeletServing("node-a").withAuthorities(pki.clusterAuthority()));
        server = new KubeletServer(
                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                tls.jdk(),
                List.of("kube-apiserver-kubelet-client"),
                node.kubelet().loops(),
                cri,
                new Metrics(),
                SystemRuntime.instance());
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (host != null) {
            server.close();
            node.close();
            cri.close();
            host.close();
        }
    }

    static HttpClient client(TlsFiles files) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(new TlsContexts(files.withAuthorities(pki.clusterAuthority())).jdk())
                .build();
    }

    static HttpClient apiServer() {
        return client(pki.apiServerKubeletClient());
    }

    static HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                .build();
    }

    static HttpResponse<String> answer(HttpClient client, String path) throws Exception {
        return client.send(get(path), HttpResponse.BodyHandlers.ofString());
    }
}
