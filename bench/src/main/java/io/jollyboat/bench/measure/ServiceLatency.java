package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadClient;
import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** From a Service's creation to the first answer through its ClusterIP, asked from this machine. */
public final class ServiceLatency {
    private static final int TIMES = 15;
    private static final int CONNECT_MILLIS = 10;
    private static final int ANSWER_MILLIS = 1000;
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final long GIVE_UP_NANOS = 30_000_000_000L;

    private final Bench bench;

    public ServiceLatency(Bench bench) {
        this.bench = bench;
    }

    public void run() throws IOException {
        bench.createNamespace();
        String pod = "service-backend";
        try (PodEvents events =
                new PodEvents(bench, 1, e -> JsonText.has(e, "name", pod) && e.contains("\"podIP\":\""))) {
            bench.client()
                    .call(bench.requests().post(bench.path("pods"), SamplePods.running(pod, bench.image())))
                    .orFail("creating the backend");
            events.await("the backend", 120);
        }
        try {
            once("service-warm-up");
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < TIMES; i++) {
                times.add(once("service-" + i));
            }
            bench.report()
                    .add(new Figure(
                            "service answers",
                            Map.of(),
                            "ms",
                            times,
                            Map.of("p99Millis", Figure.percentile(times, 99))));
        } finally {
            bench.client().call(bench.requests().delete(bench.path("pods") + "/" + pod));
        }
    }

    private double once(String name) throws IOException {
        long began = System.nanoTime();
        LoadClient.Response made = bench.client()
                .call(bench.requests()
                        .post(
                                bench.path("services"),
                                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name
                                        + "\"},\"spec\":{\"selector\":{\"pod\":\"service-backend\"},"
                                        + "\"ports\":[{\"port\":80,\"targetPort\":8080}]}}"))
                .orFail("creating a Service");
        try {
            String ip = JsonText.string(made.body(), "clusterIP")
                    .orElseThrow(() -> new IllegalStateException("the Service has no ClusterIP"));
            while (!answers(ip)) {
                if (System.nanoTime() - began > GIVE_UP_NANOS) {
                    throw new IllegalStateException(
                            "Service at " + ip + " does not answer from this machine; is there a route?");
                }
                LockSupport.parkNanos(1_000_000);
            }
            return (System.nanoTime() - began) / 1e6;
        } finally {
            bench.client().call(bench.requests().delete(bench.path("services") + "/" + name));
        }
    }

    /** One try is short: a connection that begins a moment too early is only tried again after a second. */
    private static boolean answers(String ip) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(ip, 80), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false; // refused, or not there yet
        }
    }
}
