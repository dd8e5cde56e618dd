package io.jollyboat.kubelet.probes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.GRPCAction;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.grpc.health.HealthCheckRequest;
import io.jollyboat.grpc.health.HealthCheckResponse;
import io.jollyboat.kubelet.cri.SimulatedRuntime;
import io.jollyboat.runtime.VirtualRuntime;
import io.jollyboat.values.IntOrStrings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thresholds, delays and periods by a virtual clock; what is asked is a real server. */
class ProbeWorkerTest {
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean mayRun = new AtomicBoolean(true);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Boolean> verdicts = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ProbeWorker worker;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        if (worker != null) {
            worker.stop();
        }
        server.stop(0);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private Probe.Builder http() {
        return Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setHttpGet(HTTPGetAction.newBuilder()
                                .setPort(IntOrStrings.of(server.getAddress().getPort()))))
                // Real time: long enough for a busy machine.
                .setTimeoutSeconds(60)
                .setPeriodSeconds(5);
    }

    private void start(ProbeKind kind, Probe.Builder probe) {
        worker = new ProbeWorker(
                kind,
                probe.build(),
                Container.newBuilder().setName("c").build(),
                "id",
                "127.0.0.1",
                runtime.now(),
                prober(),
                runtime,
                mayRun::get,
                result -> failures.add(result.output()),
                verdicts::add);
        worker.start();
    }

    private Prober prober() {
        return new Prober(new SimulatedRuntime(runtime, image -> true));
    }

    /** The worker has asked so often and waits for its next turn. */
    private void awaitAsked(int times) {
        await().until(() -> asked.get() == times && runtime.waiting() == 1);
    }

    private void next(int answer) {
        int before = asked.get();
        status.set(answer);
        runtime.advance(Duration.ofSeconds(5));
        awaitAsked(before + 1);
    }

    @Test
    void readinessTurnsAtItsThresholds() {
        start(ProbeKind.READINESS, http().setSuccessThreshold(2).setFailureThreshold(3));
        awaitAsked(1);
        assertThat(verdicts).isEmpty();
        next(399);
        assertThat(verdicts).containsExactly(true);
        next(500);
        next(500);
        next(200);
        next(404);
        next(404);
        assertThat(verdicts).containsExactly(true);
        next(404);
        assertThat(verdicts).containsExactly(true, false);
        assertThat(failures).hasSize(5).last().isEqualTo("HTTP probe failed with statuscode: 404");
        next(200);
        next(200);
        assertThat(verdicts).containsExactly(true, false, true);
    }

    @Test
    void aLivenessProbeWaitsAtFirstAndEndsWithItsVerdict() {
        status.set(500);
        start(ProbeKind.LIVENESS, http().setInitialDelaySeconds(30).setFailureThreshold(2));
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofSeconds(29));
        assertThat(asked).hasValue(0);
        runtime.advance(Duration.ofSeconds(1));
        awaitAsked(1);
        assertThat(verdicts).isEmpty();
        runtime.advance(Duration.ofSeconds(5));
        await().until(() -> verdicts.equals(List.of(false)));
        runtime.advance(Duration.ofMinutes(1));
        assertThat(runtime.waiting()).isZero();
        assertThat(asked).hasValue(2);
    }

    @Test
    void aStartupProbeEndsAtItsFirstSuccessAndTheOthersWaitForIt() {
        mayRun.set(false);
        start(ProbeKind.READINESS, http());
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofMillis(200));
        await().until(() -> runtime.waiting() == 1);
        assertThat(asked).hasValue(0);
        mayRun.set(true);
        runtime.advance(Duration.ofMillis(200));
        awaitAsked(1);
        worker.stop();
        await().until(() -> runtime.waiting() == 0);
        verdicts.clear();
        status.set(503);
        start(ProbeKind.STARTUP, http().setFailureThreshold(3));
        awaitAsked(2);
        next(503);
        assertThat(verdicts).isEmpty();
        status.set(200);
        runtime.advance(Duration.ofSeconds(5));
        await().until(() -> verdicts.equals(List.of(true)));
        assertThat(runtime.waiting()).isZero();
    }

    @Test
    void grpcServicesAreAskedForTheirHealth() throws Exception {
        MethodDescriptor<HealthCheckRequest, HealthCheckResponse> check =
                MethodDescriptor.<HealthCheckRequest, HealthCheckResponse>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .setRequestMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
                        .setResponseMarshaller(ProtoUtils.marshaller(HealthCheckResponse.getDefaultInstance()))
                        .build();
        Server grpc = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("grpc.health.v1.Health")
                        .addMethod(check, ServerCalls.asyncUnaryCall((request, reply) -> {
                            reply.onNext(HealthCheckResponse.newBuilder()
                                    .setStatus(
                                            request.getService().equals("good")
                                                    ? HealthCheckResponse.ServingStatus.SERVING
                                                    : HealthCheckResponse.ServingStatus.NOT_SERVING)
                                    .build());
                            reply.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        try {
            assertThat(grpc(grpc.getPort(), "good").success()).isTrue();
            assertThat(grpc(grpc.getPort(), "bad"))
                    .isEqualTo(ProbeResult.failure("service unhealthy (responded with \"NOT_SERVING\")"));
        } finally {
            grpc.shutdownNow();
        }
    }

    private ProbeResult grpc(int port, String service) {
        Probe probe = Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setGrpc(GRPCAction.newBuilder().setPort(port).setService(service)))
                .setTimeoutSeconds(60)
                .build();
        return prober().probe(probe, Container.getDefaultInstance(), "id", "127.0.0.1");
    }
}
