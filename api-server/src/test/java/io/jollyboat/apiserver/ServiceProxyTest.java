package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pods and Services as seen through the API server. */
class ServiceProxyTest {
    private static final String PODS = "/api/v1/namespaces/default/pods/";
    private static final String SERVICES = "/api/v1/namespaces/default/services/";

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static LoopbackServer backend;
    private static String ip;

    @BeforeAll
    static void start() throws IOException {
        Optional<InetAddress> address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress() && !one.isLinkLocalAddress())
                .findFirst();
        Assumptions.assumeTrue(address.isPresent(), "skipped: this machine has no address but loopback");
        ip = address.get().getHostAddress();
        backend = LoopbackServer.http(address.get(), ServiceProxyTest::answer);
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        client.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        pod("p", ip);
        pod("local", "127.0.0.1");
        pod("proxy-p", ip);
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"name\":\"web\",\"port\":80}]}}");
        client.post(
                "/api/v1/namespaces/default/endpoints",
                "{\"metadata\":{\"name\":\"s\"},\"subsets\":[{\"addresses\":[{\"ip\":\"" + ip
                        + "\",\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"p\"}}],"
                        + "\"ports\":[{\"name\":\"web\",\"port\":" + backend.port() + "}]}]}");
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"foreign\"},\"spec\":{\"ports\":[{\"name\":\"web\",\"port\":80}]}}");
        client.post(
                "/api/v1/namespaces/default/endpoints",
                "{\"metadata\":{\"name\":\"foreign\"},\"subsets\":[{\"addresses\":[{\"ip\":\"" + ip
                        + "\"}],\"ports\":[{\"name\":\"web\",\"port\":" + backend.port() + "}]}]}");
    }

    private static void pod(String name, String address) {
        client.post(
                "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\","
                        + "\"ports\":[{\"containerPort\":" + backend.port() + "}]}]}}");
        client.patch(
                PODS + name + "/status",
                "{\"status\":{\"podIP\":\"" + address + "\",\"podIPs\":[{\"ip\":\"" + address + "\"}]}}");
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            client.close();
            server.close();
            backend.close();
        }
    }

    private static boolean answer(LoopbackServer.Request request, java.io.OutputStream out) throws IOException {
        String path = request.path().replaceFirst("\\?.*", "");
        return switch (path) {
            case "/page" ->
                LoopbackServer.reply(
                        out,
                        200,
                        "text/html; charset=utf-8",
                        "<!-- <a href=\"/c\"> --><a class=x href=\"/a/b?c=1&amp;d=2\">é</a><img src='pic.png'>"
                                + "<a href=\"https://example.com/x\">"
                                + "<script src=/s.js>var a = '<a href=\"/n\">';</script>");
            case "/moved" -> {
                out.write("HTTP/1.1 302 Found\r\nLocation: /elsewhere/\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
                yield true;
            }
            case "/up" -> {
                out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                out.write(request.in().readNBytes(4));
                out.flush();
                yield false;
            }
            default ->
                LoopbackServer.reply(
                        out,
                        request.method().equals("DELETE") ? 418 : 200,
                        "application/json",
                        request.method() + " " + request.path() + " " + request.body());
        };
    }

    @Test
    void requestsOfAllMethodsReachThePod() {
        assertThat(client.get(PODS + "p/proxy/a%2Fb?x=1").text()).isEqualTo("GET /a%2Fb?x=1 ");
        Map<String, String> headers = backend.requests().getLast().headers();
        assertThat(headers)
                .containsEntry("x-forwarded-uri", PODS + "p/proxy/a%2Fb")
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("host", "127.0.0.1:" + server.port())
                .doesNotContainKey("authorization");
        assertThat(client.post(PODS + "p:" + backend.port() + "/proxy/x", "{}").text())
                .isEqualTo("POST /x {}");
        assertThat(client.put(PODS + "http:p:" + backend.port() + "/proxy/x", "{}")
                        .text())
                .isEqualTo("PUT /x {}");
        assertThat(client.delete(PODS + "p/proxy/x").code()).isEqualTo(418);
        assertThat(client.get(PODS + "proxy-p/proxy/proxy/x").text()).isEqualTo("GET /proxy/x ");
        assertThat(client.send("OPTIONS", PODS + "p/proxy?x=1", Map.of(), null).text())
                .isEqualTo("OPTIONS /?x=1 ");
        assertThat(client.send("OPTIONS", PODS + "p/status", Map.of(), null).code())
                .isEqualTo(405);
        assertThat(client.send("HEAD", PODS + "p/proxy/x", Map.of(), null).code())
                .isEqualTo(200);
    }

    @Test
    void servicesAreFoundByPortAndName() {
        assertThat(client.get(SERVICES + "s:80/proxy/x").text()).isEqualTo("GET /x ");
        assertThat(client.get(SERVICES + "s:web/proxy/x").text()).isEqualTo("GET /x ");
        assertThat(client.get(SERVICES + "s:99/proxy/").message())
                .isEqualTo("no service port 99 found for service \"s\"");
        assertThat(client.get(SERVICES + "none/proxy/").message()).isEqualTo("services \"none\" not found");
        Answer foreign = client.get(SERVICES + "foreign:80/proxy/");
        assertThat(foreign.code()).isEqualTo(503);
        assertThat(foreign.message()).isEqualTo("no endpoints available for service \"foreign:80\"");
    }

    @Test
    void whatDoesNotWorkIsToldInUpstreamsWords() {
        Answer refused = client.get(PODS + "p:9/proxy/");
        assertThat(refused.code()).isEqualTo(503);
        assertThat(refused.json().toString())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"error trying to reach service: dial tcp " + ip
                        + ":9: connect: connection refused\",\"reason\":\"ServiceUnavailable\",\"code\":503}");
        assertThat(client.get(PODS + "local/proxy/").message()).isEqualTo("address not allowed");
        assertThat(client.get(PODS + "ftp:p:1/proxy/").message()).isEqualTo("invalid pod request \"ftp:p:1\"");
        assertThat(client.get(PODS + "none/proxy/").message()).isEqualTo("pods \"none\" not found");
    }

    @Test
    void linksLeadThroughTheProxyAgain() {
        String prefix = PODS + "p/proxy";
        assertThat(client.get(prefix + "/page").text())
                .isEqualTo("<!-- <a href=\"/c\"> --><a class=x href=\"" + prefix
                        + "/a/b?c=1&amp;d=2\">é</a><img src='pic.png'><a href=\"https://example.com/x\">"
                        + "<script src=\"" + prefix + "/s.js\">var a = '<a href=\"/n\">';</script>");
        Answer moved = client.get(prefix + "/moved");
        assertThat(moved.code()).isEqualTo(302);
        assertThat(moved.headers().get("location")).containsExactly(prefix + "/elsewhere/");
        Answer root = client.get(prefix);
        assertThat(root.code()).isEqualTo(301);
        assertThat(root.headers().get("location")).containsExactly(prefix + "/");
    }

    @Test
    void otherProtocolsPassThrough() throws IOException {
        try (SSLSocket socket = (SSLSocket)
                server.tls(io.jollyboat.tls.Pki::admin).getSocketFactory().createSocket("127.0.0.1", server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write(("GET " + PODS + "p/proxy/up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo"
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head).startsWith("HTTP/1.1 101 ");
            socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readNBytes(4)).isEqualTo("ping".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
