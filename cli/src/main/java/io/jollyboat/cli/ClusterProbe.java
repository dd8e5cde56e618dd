package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/** Asks a starting cluster how far it is, as its administrator, through the doors that users take. */
final class ClusterProbe {
    private static final int TIMEOUT_MILLIS = 1000;
    /** A node's Ready condition, wherever its keys stand. */
    private static final Pattern READY = Pattern.compile("\\{[^{}]*\"type\":\"Ready\"[^{}]*}");

    private final ClusterSpec spec;
    private final SSLContext tls;

    ClusterProbe(ClusterSpec spec, Pki pki) {
        this.spec = spec;
        this.tls = new TlsContexts(pki.admin()).jdk();
    }

    boolean apiReady() {
        return get("/readyz") != null;
    }

    boolean nodeReady(LocalNode node) {
        String json = get("/api/v1/nodes/" + node.name());
        if (json == null) {
            return false;
        }
        Matcher ready = READY.matcher(json);
        return ready.find() && ready.group().contains("\"status\":\"True\"");
    }

    /** The cluster's DNS answers for the API server's Service, through its ClusterIP. */
    boolean dnsAnswers() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            byte[] query = query("kubernetes.default.svc.cluster.local");
            socket.send(new DatagramPacket(query, query.length, InetAddress.getByName(spec.dnsIp()), 53));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            byte[] address = InetAddress.getByName(spec.kubernetesIp()).getAddress();
            byte[] data = answer.getData();
            return answer.getLength() > 4
                    && Arrays.equals(data, answer.getLength() - 4, answer.getLength(), address, 0, 4);
        } catch (IOException e) {
            return false;
        }
    }

    /** The body of a 200, or null. */
    private String get(String path) {
        try {
            HttpsURLConnection connection = (HttpsURLConnection)
                    URI.create(UserKubeconfig.server(spec) + path).toURL().openConnection();
            connection.setSSLSocketFactory(tls.getSocketFactory());
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestProperty("Accept", "application/json");
            if (connection.getResponseCode() != 200) {
                return null;
            }
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return null;
        }
    }

    /** A DNS question for an A record. */
    private static byte[] query(String name) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x4a, 0x42, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, 1, 0, 1});
        return out.toByteArray();
    }
}
