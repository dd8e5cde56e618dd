package io.jollyboat.client;

import static io.jollyboat.client.TestPods.PODS;
import static io.jollyboat.client.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GrpcApiClientTest {
    @Test
    void readsWhatItWrote() {
        try (InProcess api = new InProcess()) {
            Pod created = api.client.create(PODS, pod("a"));
            api.client.create(PODS, pod("b"));
            api.client.create(PODS, pod("c"));
            assertThat(api.client.get(PODS, ObjectKey.of("default", "a"))).isEqualTo(created);
            ObjectList<Pod> list = api.client.list(PODS, "", Selection.ALL);
            assertThat(list.items()).extracting(p -> p.getMetadata().getName()).containsExactly("a", "b", "c");
            assertThat(list.resourceVersion()).isEqualTo("103");
            api.client.delete(PODS, ObjectKey.of("default", "a"), DeleteOptions.getDefaultInstance());
            assertThat(api.fake.all(PODS)).hasSize(2);
        }
    }

    @Test
    void carriesTheServersStatus() {
        try (InProcess api = new InProcess()) {
            ApiException missing =
                    catchThrowableOfType(ApiException.class, () -> api.client.get(PODS, ObjectKey.of("default", "x")));
            assertThat(missing.isNotFound()).isTrue();
            assertThat(missing.getMessage()).isEqualTo("pods \"x\" not found");
            assertThat(missing.status().getDetails().getKind()).isEqualTo("pods");
            api.client.create(PODS, pod("a"));
            ApiException twice = catchThrowableOfType(ApiException.class, () -> api.client.create(PODS, pod("a")));
            assertThat(twice.isAlreadyExists()).isTrue();
        }
    }

    @Test
    void unreachableServerIs503() {
        InProcess api = new InProcess();
        api.close();
        ApiException error =
                catchThrowableOfType(ApiException.class, () -> api.client.get(PODS, ObjectKey.of("default", "x")));
        assertThat(error.code()).isEqualTo(503);
        assertThat(error.reason()).isEqualTo("ServiceUnavailable");
    }

    @Test
    void sendsTheTokenOfTheMoment() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        String name = InProcessServerBuilder.generateName();
        Server server = InProcessServerBuilder.forName(name)
                .addService(new FakeObjectServer())
                .intercept(new AuthorizationRecorder(seen))
                .build()
                .start();
        AtomicReference<String> token = new AtomicReference<>("one");
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try (GrpcApiClient client = GrpcApiClient.over(channel, "test", channel::shutdownNow)) {
            GrpcApiClient other = client.withToken(token::get);
            client.list(PODS, "", Selection.ALL);
            other.list(PODS, "", Selection.ALL);
            token.set("two");
            other.list(PODS, "", Selection.ALL);
        }
        server.shutdownNow();
        assertThat(seen).containsExactly("none", "Bearer one", "Bearer two");
    }

    private record AuthorizationRecorder(List<String> seen) implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String value = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            seen.add(value == null ? "none" : value);
            return next.startCall(call, headers);
        }
    }
}
