package io.jollyboat.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole road: kubectl, API server, a kubelet with a node's rights, containerd. Skipped, saying why, where it cannot be. */
class ApiServerKubectlTest {
    private static final String NODE = "node-a";

    private static ContainerdHost host;
    private static GrpcContainerRuntime cri;
    private static EmbeddedApiServer server;
    private static ApiClient admin;
    private static ApiClient client;
    private static SharedInformers informers;
    private static Kubelet kubelet;
    private static Path kubeconfig;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")), "needs kubectl");
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
        server = EmbeddedApiServer.start();
        kubeconfig = server.kubeconfig();
        server.pki().addNode(NODE, List.of("127.0.0.1"));
        admin = server.adminClient();
        for (String name : List.of("default", "builder")) {
            admin.create(
                    Kinds.of(ServiceAccount.class),
                    ServiceAccount.newBuilder().setMetadata(meta(name)).build());
        }
        admin.create(
                Kinds.of(ConfigMap.class),
                ConfigMap.newBuilder()
                        .setMetadata(meta("kube-root-ca.crt"))
                        .putData("ca.crt", "the authority")
                        .build());
        client = server.client(server.pki().kubeletClient(NODE), "kubelet");
        informers = new SharedInformers(client, SystemRuntime.instance());
        kubelet = new Kubelet(config(), client, informers, cri, SystemRuntime.instance(), new Metrics());
        kubelet.start();
        informers.start();
        Awaitility.await("node ready")
                .atMost(Duration.ofSeconds(60))
                .until(() -> admin.list(Kinds.of(Node.class), "", Selection.ALL).items().stream()
                        .anyMatch(n -> n.getStatus().getConditionsList().stream()
                                .anyMatch(c -> c.getType().equals("Ready")
                                        && c.getStatus().equals("True"))));
    }

    @AfterAll
    static void stop() throws Exception {
        if (kubelet != null) {
            kubelet.close();
            informers.close();
        }
        if (server != null) {
            server.close();
        }
        if (host != null) {
            cri.close();
            host.close();
        }
    }

    private static ObjectMeta meta(String name) {
        return ObjectMeta.newBuilder().setNamespace("default").setName(name).build();
    }

    private static KubeletConfig config() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0));
            port = free.getLocalPort();
        }
        KubeletConfig d = KubeletConfig.defaults();
        TlsFiles serving = server.pki().kubeletServing(NODE);
        return new KubeletConfig(
                NODE,
                "127.0.0.1",
                null,
                KubeletConfig.RuntimeKind.CRI,
                "",
                host.folder().resolve("kubelet"),
                host.folder().resolve("logs"),
                List.of("10.96.0.10"),
                "cluster.local",
                d.resolvConf(),
                d.cniConfDir(),
                port,
                Optional.of(serving.certificate()),
                Optional.of(serving.key()),
                Optional.of(server.pki().clusterAuthority()),
                d.clientNames(),
                host.cgroupRoot(),
                110,
                4,
                d.capacity(),
                d.reserved(),
                d.nodeLabels(),
                d.minFreeMemory(),
                0,
                d.leaseRenewal(),
                d.statusInterval(),
                d.containerLogMaxSize(),
                d.containerLogMaxFiles());
    }

    private static Process begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("KUBECONFIG");
        return builder.start();
    }

    private static String kubectl(String input, String... arguments) throws Exception {
        Process process = begin(arguments);
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", arguments), output)
                .isZero();
        return output;
    }

    private static void createPod(String name, String script) throws Exception {
        kubectl("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                spec:
                  nodeName: node-a
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: c
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: ["sh", "-c", "%s"]
                """.formatted(name, ContainerdHost.BUSYBOX, script), "create", "--validate=false", "-f", "-");
        kubectl("", "wait", "--for=condition=Ready", "pod/" + name, "--timeout=60s");
    }

    @Test
    void logsExecAndForwarding() throws Exception {
        createPod("web", "echo hello; echo hi > /tmp/index.html; exec httpd -f -p 8080 -h /tmp");
        assertThat(kubectl("", "logs", "web")).isEqualTo("hello\n");
        assertThat(kubectl("", "exec", "web", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"))
                .isEqualTo("default");
        assertThat(kubectl("", "exec", "web", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"))
                .isEqualTo("the authority");
        assertThat(kubectl(
                        "", "exec", "web", "--", "head", "-c3", "/var/run/secrets/kubernetes.io/serviceaccount/token"))
                .isEqualTo("eyJ");
        assertThat(kubectl("from here\n", "exec", "-i", "web", "--", "cat")).isEqualTo("from here\n");
        Process forward = begin("port-forward", "pod/web", ":8080");
        try (InputStream said = forward.getInputStream()) {
            StringBuilder line = new StringBuilder();
            while (!line.toString().contains("->")) {
                line.append((char) said.read());
            }
            int port = Integer.parseInt(line.toString().replaceFirst("(?s).*127.0.0.1:(\\d+).*", "$1"));
            try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("\r\n\r\nhi\n");
            }
        } finally {
            forward.destroy();
        }
        assertThat(kubectl("", "get", "pods", "web", "--no-headers")).contains("1/1", "Running");
        assertThat(kubectl("", "get", "nodes", "--no-headers")).contains("node-a", "Ready", "v1.36");
        assertThat(kubectl("", "get", "events", "--no-headers")).contains("Started");
        kubectl("", "delete", "pod", "web", "--timeout=30s");
    }

    @Test
    void completes() throws Exception {
        kubectl(
                "",
                "run",
                "done",
                "--image=" + ContainerdHost.BUSYBOX,
                "--restart=Never",
                "--image-pull-policy=IfNotPresent",
                "--overrides={\"spec\":{\"nodeName\":\"node-a\"}}",
                "--",
                "true");
        kubectl("", "wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/done", "--timeout=60s");
        kubectl("", "delete", "pod", "done", "--timeout=30s");
    }
}
