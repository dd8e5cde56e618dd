package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jollyboat.kms.v2.DecryptRequest;
import io.jollyboat.kms.v2.DecryptResponse;
import io.jollyboat.kms.v2.EncryptRequest;
import io.jollyboat.kms.v2.EncryptResponse;
import io.jollyboat.kms.v2.KeyManagementServiceGrpc;
import io.jollyboat.kms.v2.StatusRequest;
import io.jollyboat.kms.v2.StatusResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A key management service's plugin on a socket. Its cipher turns the bits, and mixes in the key's name. */
final class KmsPluginServer implements AutoCloseable {
    private final AtomicInteger decryptions = new AtomicInteger();
    private volatile String key;
    private volatile String health = "ok";
    private volatile boolean refusing;
    private final EventLoopGroup loop;
    private final Server server;

    KmsPluginServer(Path socket, String key) throws IOException {
        this.key = key;
        loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .addService(new Service())
                .build()
                .start();
    }

    void useKey(String other) {
        key = other;
    }

    /** Whether it opens nothing. */
    void refuse(boolean all) {
        refusing = all;
    }

    void health(String other) {
        health = other;
    }

    int decryptions() {
        return decryptions.get();
    }

    private static ByteString turned(ByteString bytes, String name) {
        byte[] turned = bytes.toByteArray();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (byte) ~(turned[i] ^ name.charAt(i % name.length()));
        }
        return ByteString.copyFrom(turned);
    }

    private final class Service extends KeyManagementServiceGrpc.KeyManagementServiceImplBase {
        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
            answer.onNext(StatusResponse.newBuilder()
                    .setVersion("v2")
                    .setHealthz(health)
                    .setKeyId(key)
                    .build());
            answer.onCompleted();
        }

        @Override
        public void encrypt(EncryptRequest request, StreamObserver<EncryptResponse> answer) {
            answer.onNext(EncryptResponse.newBuilder()
                    .setKeyId(key)
                    .setCiphertext(turned(request.getPlaintext(), key))
                    .putAnnotations("kms.example.com", ByteString.copyFromUtf8("n"))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void decrypt(DecryptRequest request, StreamObserver<DecryptResponse> answer) {
            decryptions.incrementAndGet();
            if (refusing) {
                answer.onError(Status.UNAVAILABLE.withDescription("sealed").asRuntimeException());
                return;
            }
            if (!request.getAnnotationsMap().containsKey("kms.example.com")) {
                answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
                return;
            }
            answer.onNext(DecryptResponse.newBuilder()
                    .setPlaintext(turned(request.getCiphertext(), request.getKeyId()))
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
