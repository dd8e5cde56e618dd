package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsContexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kubelets, and what else listens on nodes, as seen through the API server. */
class NodeProxyTest {
    private static final String NODES = "/api/v1/nodes/";

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static SSLServerSocket kubelet;
    private static LoopbackServer other;
    private static ServerSocket silent;
    private static String ip;

    @BeforeAll
    static void start() throws IOException {
        // The machine's own first: others may come and go.
        Optional<InetAddress> address = NetworkInterface.networkInterfaces()
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress() && !one.isLinkLocalAddress())
                .findFirst();
        Assumptions.assumeTrue(address.isPresent(), "skipped: this machine has no address but loopback");
        ip = address.get().getHostAddress();
        other = LoopbackServer.http(
                address.get(),
                (request, out) -> LoopbackServer.reply(out, 200, "text/plain", "other " + request.path()));
        silent = new ServerSocket(0, 10, address.get());
        SystemRuntime.instance().start("silent", NodeProxyTest::hangUp);
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        server.pki().addNode("n", List.of(ip));
        kubelet = (SSLServerSocket) new TlsContexts(server.pki().kubeletServing("n"))
                .jdk()
                .getServerSocketFactory()
                .createServerSocket(0, 10, address.get());
        kubelet.setNeedClientAuth(true);
        SystemRuntime.instance().start("kubelet", NodeProxyTest::accept);
        node("n", ip);
        node("local", "127.0.0.1");
    }

    private static void node(String name, String address) {
        client.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        client.patch(
                NODES + name + "/status",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"" + address + "\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + kubelet.getLocalPort() + "}}}}");
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            kubelet.close();
            client.close();
            server.close();
            other.close();
            silent.close();
        }
    }

    private static void accept() {
        try {
            while (true) {
                SSLSocket socket = (SSLSocket) kubelet.accept();
                SystemRuntime.instance().start("connection", () -> serve(socket));
            }
        } catch (IOException e) {
            assertThat(kubelet.isClosed()).isTrue();
        }
    }

    private static void hangUp() {
        try {
            while (true) {
                try (Socket socket = silent.accept()) {
                    assertThat(socket.getInputStream().read())
                            .as("a TLS handshake")
                            .isEqualTo(22);
                    // All of it, so that the connection is not reset.
                    assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
                }
            }
        } catch (IOException e) {
            assertThat(silent.isClosed()).isTrue();
        }
    }

    /** Says what it was asked for and by whom. */
    private static void serve(SSLSocket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String text = in.readLine() + " by "
                    + socket.getSession().getPeerPrincipal().getName();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                text += line.startsWith("accept: ") ? " " + line : "";
            }
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + text.length()
                                    + "\r\n\r\n" + text)
                            .getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The other side went away.
        }
    }

    @Test
    void kubeletsAreReachedWithOrWithoutTheirPort() {
        String answered = "GET /pods?x=1 HTTP/1.1 by CN=kube-apiserver-kubelet-client";
        for (String name : List.of(
                "n", "n:" + kubelet.getLocalPort(), "https:n:" + kubelet.getLocalPort(), "http:n:", "https:n:")) {
            Answer answer = client.get(NODES + name + "/proxy/pods?x=1");
            assertThat(answer.code()).as(name + ": " + answer.text()).isEqualTo(200);
            assertThat(answer.text()).startsWith(answered);
        }
        assertThat(client.send("GET", NODES + "n/proxy/x", Map.of("Accept", "text/x"), null)
                        .text())
                .endsWith(" accept: text/x");
        Answer root = client.get(NODES + "n/proxy?x=1");
        assertThat(root.code()).isEqualTo(301);
        assertThat(root.headers().get("location")).containsExactly(NODES + "n/proxy/?x=1");
    }

    @Test
    void otherPortsAreReachedInTheClear() {
        assertThat(client.get(NODES + "n:" + other.port() + "/proxy/a").text()).isEqualTo("other /a");
        assertThat(client.get(NODES + "http:n:" + other.port() + "/proxy/a").text())
                .isEqualTo("other /a");
        Answer tls = client.get(NODES + "https:n:" + silent.getLocalPort() + "/proxy/a");
        assertThat(tls.code()).isEqualTo(503);
        assertThat(tls.message()).isEqualTo("error trying to reach service: EOF");
    }

    @Test
    void whatDoesNotWorkIsToldInUpstreamsWords() {
        assertThat(client.get(NODES + "ftp:n:1/proxy/").message()).isEqualTo("invalid node request \"ftp:n:1\"");
        assertThat(client.get(NODES + "a:b:c:d/proxy/").message()).isEqualTo("invalid node request \"a:b:c:d\"");
        Answer absent = client.get(NODES + "absent:80/proxy/");
        assertThat(absent.code()).isEqualTo(404);
        assertThat(absent.message()).isEqualTo("nodes \"absent\" not found");
        Answer local = client.get(NODES + "local:80/proxy/");
        assertThat(local.code()).isEqualTo(400);
        assertThat(local.message()).isEqualTo("address not allowed");
        assertThat(client.get(NODES + "n:9/proxy/").message())
                .isEqualTo("error trying to reach service: dial tcp " + ip + ":9: connect: connection refused");
    }

    /** What may be done is named as the path has it: another port is another name. */
    @Test
    void rightsAreAskedForByTheWholeName() {
        client.post(
                "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                "{\"metadata\":{\"name\":\"kubelet-reader\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":"
                        + "[\"nodes/proxy\"],\"resourceNames\":[\"n\"],\"verbs\":[\"get\"]}]}");
        client.post(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                "{\"metadata\":{\"name\":\"kubelet-reader\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                        + "\"kind\":\"ClusterRole\",\"name\":\"kubelet-reader\"},\"subjects\":[{\"kind\":\"User\","
                        + "\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"reader\"}]}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> as("GET", "n/proxy/pods").code() == 200);
        Answer port = as("GET", "n:" + kubelet.getLocalPort() + "/proxy/pods");
        assertThat(port.code()).isEqualTo(403);
        assertThat(port.message())
                .isEqualTo("nodes \"n:" + kubelet.getLocalPort()
                        + "\" is forbidden: User \"reader\" cannot get resource \"nodes/proxy\" in API group \"\" at the"
                        + " cluster scope");
        assertThat(as("POST", "n/proxy/run").code()).isEqualTo(403);
    }

    private static Answer as(String method, String path) {
        return client.send(method, NODES + path, Map.of("Impersonate-User", "reader"), new byte[0]);
    }
}
