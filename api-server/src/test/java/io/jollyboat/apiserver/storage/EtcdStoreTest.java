package io.jollyboat.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.StoreException.Kind;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On real etcd, with TLS on both sides where it is a local process. */
final class EtcdStoreTest extends KeyValueStoreContract {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static TestEtcd etcd;

    @BeforeAll
    static void startEtcd() {
        etcd = TestEtcd.start();
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @Override
    KeyValueStore open() {
        return EtcdStore.open(etcd.config(), SystemRuntime.instance());
    }

    @Test
    void largeValuesAndAnswersPass() {
        try (KeyValueStore store = open()) {
            ByteString value = ByteString.copyFrom(new byte[1_400_000]);
            for (int i = 0; i < 5; i++) {
                store.put(ByteString.copyFromUtf8("/large/" + i), value, 0, 0).join();
            }
            RangeResult all = store.range(RangeRequest.prefix(ByteString.copyFromUtf8("/large/")))
                    .join();
            assertThat(all.entries()).hasSize(5).allMatch(entry -> entry.value().size() == 1_400_000);
            assertThatThrownBy(() -> store.put(
                                    ByteString.copyFromUtf8("/large/6"), ByteString.copyFrom(new byte[1_600_000]), 0, 0)
                            .join())
                    .cause()
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
                        assertThat(e).hasMessage("etcdserver: request is too large");
                    });
        }
    }

    @Test
    void watchOutlivesALostServer() {
        try (EtcdFixture own = EtcdFixture.tls();
                EtcdStore store = own.open()) {
            List<StoreEvent> events = new CopyOnWriteArrayList<>();
            await().atMost(DEADLINE)
                    .ignoreExceptions()
                    .until(() -> store.currentRevision().join() == 1);
            store.watch(ByteString.EMPTY, 2, new WatchListener() {
                @Override
                public void onEvents(List<StoreEvent> batch) {
                    events.addAll(batch);
                }

                @Override
                public void onEnd(StoreException reason) {
                    throw new AssertionError(reason);
                }
            });
            put(store, "a");
            await().atMost(DEADLINE).until(() -> events.size() == 1);
            own.kill();
            assertThatThrownBy(() -> put(store, "b"))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(StoreException.class);
            await().atMost(DEADLINE)
                    .untilAsserted(() -> assertThatThrownBy(() -> put(store, "c"))
                            .cause()
                            .isInstanceOfSatisfying(
                                    StoreException.class,
                                    e -> assertThat(e.kind())
                                            .as("refused connection: surely not written")
                                            .isEqualTo(Kind.UNAVAILABLE)));
            own.restart();
            await().atMost(DEADLINE).ignoreExceptions().until(() -> put(store, "d"));
            await().atMost(DEADLINE).until(() -> events.size() == 2);
            assertThat(events)
                    .extracting(StoreEvent::key)
                    .extracting(ByteString::toStringUtf8)
                    .containsExactly("a", "d");
        }
    }

    @Test
    void anotherMemberServesWhenTheFirstIsGone() {
        try (EtcdFixture own = EtcdFixture.tls()) {
            List<String> endpoints =
                    List.of("127.0.0.1:1", own.config().endpoints().getFirst());
            EtcdConfig config = EtcdConfig.of(endpoints, own.tlsFiles());
            try (EtcdStore store = EtcdStore.open(config, SystemRuntime.instance())) {
                await().atMost(DEADLINE).ignoreExceptions().until(() -> put(store, "a"));
            }
        }
    }

    @Test
    void serverThatHangsLeavesTheOutcomeOpen() {
        try (EtcdFixture own = EtcdFixture.plain();
                EtcdStore store = EtcdStore.open(
                        new EtcdConfig(own.config().endpoints(), null, Duration.ofMillis(700)),
                        SystemRuntime.instance())) {
            await().atMost(DEADLINE)
                    .ignoreExceptions()
                    .until(() -> store.currentRevision().join() == 1);
            own.pause();
            assertThatThrownBy(() -> put(store, "a")).cause().isInstanceOfSatisfying(StoreException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
                assertThat(e).hasMessage("context deadline exceeded");
            });
            assertThatThrownBy(() -> store.currentRevision().join())
                    .cause()
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT));
            own.resume();
            await().atMost(DEADLINE).ignoreExceptions().until(() -> put(store, "b"));
        }
    }

    private static boolean put(KeyValueStore store, String key) {
        return store.put(ByteString.copyFromUtf8(key), ByteString.copyFromUtf8("v"), 0, 0)
                        .join()
                instanceof WriteResult.Written;
    }
}
