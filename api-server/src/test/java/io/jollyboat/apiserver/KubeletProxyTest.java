package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsContexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs and upgraded connections, as far as the kubelet's door. */
class KubeletProxyTest {
    private static EmbeddedApiServer server;
    private static RestClient client;
    private static SSLServerSocket kubelet;
    private static final Queue<String> REQUESTS = new ConcurrentLinkedQueue<>();
    private static final Queue<String> CALLERS = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        server.pki().addNode("n1", java.util.List.of("127.0.0.1"));
        kubelet = (SSLServerSocket) new TlsContexts(server.pki().kubeletServing("n1"))
                .jdk()
                .getServerSocketFactory()
                .createServerSocket(0);
        kubelet.setNeedClientAuth(true);
        SystemRuntime.instance().start("kubelet", KubeletProxyTest::accept);
        client.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        client.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
        client.patch(
                "/api/v1/nodes/n1/status",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + kubelet.getLocalPort() + "}}}}");
        client.post(
                "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n1\",\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\"},{\"name\":\"d\",\"image\":\"i\"}]}}");
    }

    @AfterAll
    static void stop() throws IOException {
        kubelet.close();
        client.close();
        server.close();
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

    /** Answers a log; takes every upgrade, and echoes what comes through it in capitals. */
    private static void serve(SSLSocket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            String request = in.readLine();
            CALLERS.add(socket.getSession().getPeerPrincipal().getName());
            StringBuilder headers = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                headers.append(line).append('\n');
            }
            REQUESTS.add(request + "\n" + headers);
            if (request.contains("/containerLogs/default/p/d")) {
                out.write(bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\nno luck"));
                return;
            }
            if (request.contains("/containerLogs/")) {
                out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nline1\nline2\n"));
                return;
            }
            out.write(bytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n"));
            for (int next = in.read(); next >= 0; next = in.read()) {
                out.write(Character.toUpperCase(next));
                out.flush();
            }
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void passesLogsOn() {
        Answer log = client.get("/api/v1/namespaces/default/pods/p/log?container=c&tailLines=2&follow=true");
        assertThat(log.code()).as(log.text()).isEqualTo(200);
        assertThat(log.text()).isEqualTo("line1\nline2\n");
        assertThat(REQUESTS)
                .anyMatch(request ->
                        request.startsWith("GET /containerLogs/default/p/c?follow=true&tailLines=2 HTTP/1.1"));
        assertThat(CALLERS).contains("CN=kube-apiserver-kubelet-client");
    }

    @Test
    void tellsTheKubeletsRefusal() {
        Answer log = client.get("/api/v1/namespaces/default/pods/p/log?container=d");
        assertThat(log.code()).isEqualTo(400);
        assertThat(log.message()).isEqualTo("no luck");
        Answer ambiguous = client.get("/api/v1/namespaces/default/pods/p/log");
        assertThat(ambiguous.message()).isEqualTo("a container name must be specified for pod p, choose one of: [c d]");
    }

    @Test
    void joinsConnectionsThatUpgrade() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(
                            bytes(
                                    "POST /api/v1/namespaces/default/pods/p/exec?command=a&command=b%20c&container=c&stdout=1"
                                            + "&stdin=true HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\nContent-Length: 0\r\n\r\nearly "));
            InputStream in = socket.getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 101 ").contains("Upgrade: SPDY/3.1");
            socket.getOutputStream().write(bytes("and late"));
            assertThat(new String(in.readNBytes(14), StandardCharsets.ISO_8859_1))
                    .isEqualTo("EARLY AND LATE");
        }
        assertThat(REQUESTS)
                .anyMatch(request ->
                        request.startsWith("POST /exec/default/p/c?command=a&command=b+c&input=1&output=1 HTTP/1.1")
                                && request.contains("X-Stream-Protocol-Version: v4.channel.k8s.io"));
    }

    @Test
    void passesWebSocketsOnWithWhatTheyOffer() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(webSocket("exec?command=a&container=c&stdout=1", "v5.channel.k8s.io,v4.channel.k8s.io"));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
        }
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(webSocket("portforward?ports=80,81&ports=82", "SPDY/3.1+portforward.k8s.io"));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
        }
        assertThat(REQUESTS)
                .anyMatch(request -> request.startsWith("GET /exec/default/p/c?command=a&output=1 HTTP/1.1")
                        && request.contains("v5.channel.k8s.io,v4.channel.k8s.io"))
                .anyMatch(request -> request.startsWith("GET /portForward/default/p?port=80%2C81%2C82 HTTP/1.1")
                        && request.contains("SPDY/3.1+portforward.k8s.io"));
    }

    private static byte[] webSocket(String what, String protocols) {
        return bytes(String.join(
                "\r\n",
                "GET /api/v1/namespaces/default/pods/p/" + what + " HTTP/1.1",
                "Host: x",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: " + protocols,
                "",
                ""));
    }

    @Test
    void refusesWhatIsNoStream() {
        String pod = "/api/v1/namespaces/default/pods/p/";
        assertThat(client.get(pod + "exec?container=c&command=a&stdout=1").message())
                .isEqualTo("Upgrade request required");
        assertThat(client.get(pod + "exec?container=x&command=a&stdout=1").message())
                .isEqualTo("container x is not valid for pod p");
        Answer port = client.get(pod + "portforward?ports=80,http");
        assertThat(port.code()).isEqualTo(400);
        assertThat(port.message())
                .isEqualTo("cannot convert to []int32: strconv.ParseUint: parsing \"http\": invalid syntax");
        assertThat(client.get("/api/v1/namespaces/default/pods/absent/exec?command=a&stdout=1")
                        .code())
                .isEqualTo(404);
    }

    /** A WebSocket begins with a GET, and can do what a POST can. */
    @Test
    void wantsTheRightToCreateForEveryStream() {
        client.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"reader\"}}");
        client.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
                "{\"metadata\":{\"name\":\"reader\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods/exec\","
                        + "\"pods/attach\",\"pods/portforward\"],\"verbs\":[\"get\"]}]}");
        client.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                "{\"metadata\":{\"name\":\"reader\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                        + "\"kind\":\"Role\",\"name\":\"reader\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"reader\","
                        + "\"namespace\":\"default\"}]}");
        for (String stream : java.util.List.of("exec?command=a&stdout=1", "attach?stdout=1", "portforward")) {
            String path = "/api/v1/namespaces/default/pods/p/" + stream;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(as(path).message()).isEqualTo("pods \"p\" is forbidden: "));
            assertThat(as(path).code()).isEqualTo(403);
        }
    }

    private static Answer as(String path) {
        return client.send(
                "GET", path, Map.of("Impersonate-User", "system:serviceaccount:default:reader"), new byte[0]);
    }

    @Test
    void tellsThatAKubeletCannotBeReached() throws IOException {
        int nobody;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        client.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"gone\"}}");
        client.patch(
                "/api/v1/nodes/gone/status",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + nobody + "}}}}");
        client.post(
                "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"nodeName\":\"gone\",\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\"}]}}");
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(bytes(String.join(
                            "\r\n",
                            "POST /api/v1/namespaces/default/pods/q/exec?command=a&stdout=1 HTTP/1.1",
                            "Host: x",
                            "Connection: Upgrade",
                            "Upgrade: SPDY/3.1",
                            "Content-Length: 0",
                            "",
                            "")));
            String head = head(socket.getInputStream());
            assertThat(head).startsWith("HTTP/1.1 500 ");
            int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            assertThat(new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8))
                    .contains("error dialing backend: dial tcp 127.0.0.1:" + nobody + ": connect: connection refused");
        }
    }

    private static SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket)
                server.tls(io.jollyboat.tls.Pki::admin).getSocketFactory().createSocket("127.0.0.1", server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
