package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.jollyboat.api.objects.GetRequest;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.api.objects.ListRequest;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.objects.ObjectServiceGrpc;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of the gRPC door that ask for too much, or take their time. */
class GrpcDoorLimitsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int MAPS = 12;
    private static EmbeddedApiServer server;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedApiServer.start();
        TlsFiles admin = server.pki().admin();
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1",
                        server.grpcPort(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(admin.authorities().toFile())
                                .keyManager(
                                        admin.certificate().toFile(),
                                        admin.key().toFile())
                                .build())
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    private static ObjectRef.Builder maps() {
        return ObjectRef.newBuilder().setVersion("v1").setResource("configmaps").setNamespace("default");
    }

    @Test
    void whoReadsSlowlyGetsTheWholeList() {
        String large = "x".repeat(400_000);
        try (RestClient rest = RestClient.admin(server)) {
            for (int i = 0; i < MAPS; i++) {
                assertThat(rest.post(
                                        "/api/v1/namespaces/default/configmaps",
                                        "{\"metadata\":{\"name\":\"large-" + i + "\"},\"data\":{\"a\":\"" + large
                                                + "\"}}")
                                .code())
                        .isEqualTo(201);
            }
        }
        AtomicInteger items = new AtomicInteger();
        AtomicInteger chunks = new AtomicInteger();
        AtomicBoolean complete = new AtomicBoolean();
        Slow slow = new Slow(items, chunks, complete);
        ObjectServiceGrpc.newStub(channel)
                .list(ListRequest.newBuilder().setRef(maps()).build(), slow);
        for (int asked = 1; asked <= MAPS; asked++) {
            int wanted = asked;
            slow.stream.request(1);
            await().atMost(DEADLINE).until(() -> chunks.get() >= wanted || complete.get());
        }
        slow.stream.request(Integer.MAX_VALUE);
        await().atMost(DEADLINE).until(complete::get);
        assertThat(items.get()).isGreaterThanOrEqualTo(MAPS);
        assertThat(chunks.get()).isGreaterThan(MAPS / 2);
    }

    private static final class Slow implements ClientResponseObserver<ListRequest, ListChunk> {
        private final AtomicInteger items;
        private final AtomicInteger chunks;
        private final AtomicBoolean complete;
        private ClientCallStreamObserver<ListRequest> stream;

        Slow(AtomicInteger items, AtomicInteger chunks, AtomicBoolean complete) {
            this.items = items;
            this.chunks = chunks;
            this.complete = complete;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ListRequest> call) {
            stream = call;
            call.disableAutoRequestWithInitial(0);
        }

        @Override
        public void onNext(ListChunk chunk) {
            items.addAndGet(chunk.getItemsCount());
            chunks.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onCompleted() {
            complete.set(true);
        }
    }

    @Test
    void messagesThatAreTooLargeAreRefused() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ObjectServiceGrpc.newBlockingStub(channel)
                        .create(WriteRequest.newBuilder()
                                .setRef(maps())
                                .setObject(ByteString.copyFrom(new byte[5 << 20]))
                                .build()));
        assertThat(refused.getStatus().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void metadataThatAreTooLargeAreRefused() {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + "x".repeat(20_000));
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ObjectServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .get(GetRequest.newBuilder()
                                .setRef(maps().setName("kube-root-ca.crt"))
                                .build()));
        assertThat(refused.getStatus().getCode()).isNotIn(Status.Code.OK, Status.Code.NOT_FOUND);
    }
}
