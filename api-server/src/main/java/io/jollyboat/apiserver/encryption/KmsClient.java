package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.kms.envelope.v2.EncryptedObject;
import io.jollyboat.kms.v2.DecryptRequest;
import io.jollyboat.kms.v2.EncryptRequest;
import io.jollyboat.kms.v2.EncryptResponse;
import io.jollyboat.kms.v2.KeyManagementServiceGrpc;
import io.jollyboat.kms.v2.KeyManagementServiceGrpc.KeyManagementServiceBlockingStub;
import io.jollyboat.kms.v2.StatusRequest;
import io.jollyboat.kms.v2.StatusResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Talks to the plugin of a key management service, over its socket. */
final class KmsClient implements AutoCloseable {
    private final String name;
    private final EncryptionMetrics metrics;
    private final Duration timeout;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;
    private final KeyManagementServiceBlockingStub stub;

    KmsClient(String name, Path socket, Duration timeout, EncryptionMetrics metrics) {
        this.name = name;
        this.metrics = metrics;
        this.timeout = timeout;
        this.loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        this.stub = KeyManagementServiceGrpc.newBlockingStub(channel);
    }

    StatusResponse status() throws GeneralSecurityException {
        channel.resetConnectBackoff();
        return call("Status", () -> within().status(StatusRequest.getDefaultInstance()));
    }

    EncryptResponse encrypt(byte[] plain) throws GeneralSecurityException {
        return call(
                "Encrypt",
                () -> within().encrypt(EncryptRequest.newBuilder()
                        .setUid(UUID.randomUUID().toString())
                        .setPlaintext(ByteString.copyFrom(plain))
                        .build()));
    }

    /** The source of the object's key. */
    byte[] decrypt(EncryptedObject object) throws GeneralSecurityException {
        return call(
                        "Decrypt",
                        () -> within().decrypt(DecryptRequest.newBuilder()
                                .setUid(UUID.randomUUID().toString())
                                .setCiphertext(object.getEncryptedDEKSource())
                                .setKeyId(object.getKeyID())
                                .putAllAnnotations(object.getAnnotationsMap())
                                .build()))
                .getPlaintext()
                .toByteArray();
    }

    private KeyManagementServiceBlockingStub within() {
        // The plugin may come after the server.
        return stub.withWaitForReady().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private <T> T call(String method, Supplier<T> call) throws GeneralSecurityException {
        String full = "/v2.KeyManagementService/" + method;
        long begun = metrics.now();
        try {
            T answer = call.get();
            metrics.called(name, full, begun, EncryptionMetrics.OK);
            return answer;
        } catch (StatusRuntimeException e) {
            metrics.called(name, full, begun, goName(e.getStatus().getCode()));
            throw new GeneralSecurityException(
                    "rpc error: code = " + e.getStatus().getCode() + " desc = " + told(e.getStatus()), e);
        }
    }

    /** Such as DeadlineExceeded. */
    private static String goName(Status.Code code) {
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** Without what gRPC adds about its own insides. */
    private static String told(Status status) {
        String text = String.valueOf(status.getDescription());
        int end = text.indexOf(status.getCode() == Status.Code.DEADLINE_EXCEEDED ? " after " : "\n");
        return end < 0 ? text : text.substring(0, end);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
