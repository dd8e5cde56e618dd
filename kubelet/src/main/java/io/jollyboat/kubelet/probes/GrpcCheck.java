package io.jollyboat.kubelet.probes;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.jollyboat.grpc.health.HealthCheckRequest;
import io.jollyboat.grpc.health.HealthCheckResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The gRPC health protocol's Check. */
final class GrpcCheck {
    private static final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> CHECK =
            MethodDescriptor.<HealthCheckRequest, HealthCheckResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(HealthCheckResponse.getDefaultInstance()))
                    .build();

    private GrpcCheck() {}

    static ProbeResult check(String host, int port, String service, Duration timeout) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
                .usePlaintext()
                .build();
        try {
            HealthCheckResponse response = ClientCalls.blockingUnaryCall(
                    channel,
                    CHECK,
                    CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
                    HealthCheckRequest.newBuilder().setService(service).build());
            return response.getStatus() == HealthCheckResponse.ServingStatus.SERVING
                    ? ProbeResult.SUCCESS
                    : ProbeResult.failure("service unhealthy (responded with \"" + response.getStatus() + "\")");
        } catch (StatusRuntimeException e) {
            return ProbeResult.failure(text(e, host + ":" + port, timeout));
        } finally {
            channel.shutdownNow();
        }
    }

    private static String text(StatusRuntimeException e, String address, Duration timeout) {
        Status.Code code = e.getStatus().getCode();
        if (code == Status.Code.UNIMPLEMENTED) {
            return "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                    + e.getStatus().getDescription();
        }
        if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
            return "timeout: failed to connect service \"" + address + "\" within " + timeout.toSeconds()
                    + "s: context deadline exceeded";
        }
        return "error: health rpc probe failed: " + e.getMessage();
    }
}
