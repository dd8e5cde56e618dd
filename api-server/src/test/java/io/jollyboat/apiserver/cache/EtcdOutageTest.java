package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.SystemRuntime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of caches and watches when etcd goes away and comes back. */
final class EtcdOutageTest {
    @Test
    void allGoesOnWhenEtcdIsBack() throws InterruptedException {
        try (EtcdFixture etcd = EtcdFixture.tls();
                EtcdStore store = etcd.open();
                TestObjects objects = new TestObjects(store, SystemRuntime.instance())) {
            Entry before = objects.create("ns/a", "1");
            objects.awaitRevision(before.revision());
            CacheWatch watch = objects.cache.watch(before.revision(), WatchScope.all());
            etcd.kill();
            await().atMost(TestObjects.DEADLINE)
                    .untilAsserted(() -> assertThatThrownBy(() -> objects.set("ns/a", "x"))
                            .isInstanceOfSatisfying(ApiException.class, e -> {
                                assertThat(e.code()).isEqualTo(503);
                                assertThat(e).hasMessageStartingWith("rpc error: code = Unavailable desc = ");
                            }));
            assertThat(objects.storages.notReadyReason()).startsWith("etcd failed: ");
            assertThat(TestObjects.value(objects.cache.get("ns/a")))
                    .as("any version still serves")
                    .isEqualTo("1");
            etcd.restart();
            await().atMost(TestObjects.DEADLINE)
                    .until(() -> objects.storages.notReadyReason().isEmpty());
            objects.set("ns/a", "2");
            List<CacheEvent> events = TestObjects.take(watch, 1);
            assertThat(events)
                    .as("the watch never noticed")
                    .extracting(TestObjects::show)
                    .containsExactly("MODIFIED ns/a=2");
            assertThat(TestObjects.value(objects.maps.get("ns/a"))).isEqualTo("2");
        }
    }

    @Test
    void etcdThatLostItsDataIsNoticed() throws InterruptedException {
        try (EtcdFixture etcd = EtcdFixture.plain();
                EtcdStore store = etcd.open();
                TestObjects objects = new TestObjects(store, SystemRuntime.instance())) {
            Entry last = null;
            for (int i = 0; i < 5; i++) {
                last = objects.create("ns/" + i, "1");
            }
            objects.awaitRevision(last.revision());
            CacheWatch watch = objects.cache.watch(last.revision(), WatchScope.all());
            etcd.kill();
            etcd.eraseData();
            etcd.restart();
            assertThat(watch.take())
                    .as("ends: there is no way on from that revision")
                    .isEmpty();
            await().atMost(TestObjects.DEADLINE)
                    .until(() -> objects.storages.notReadyReason().isEmpty());
            assertThat(objects.cache.snapshot().list("")).isEmpty();
            Entry fresh = objects.create("ns/0", "2");
            assertThat(fresh.revision()).isLessThan(last.revision());
            assertThat(TestObjects.value(objects.maps.get("ns/0"))).isEqualTo("2");
        }
    }

    @Test
    void leaseThatEtcdForgotIsReplaced() {
        try (EtcdFixture etcd = EtcdFixture.plain();
                EtcdStore store = etcd.open();
                TestObjects objects = new TestObjects(store, SystemRuntime.instance())) {
            objects.maps.create("ns/a", TestObjects.map("ns/a", "1", Map.of()), 3_600);
            objects.awaitRevision(objects.create("ns/b", "1").revision());
            etcd.kill();
            etcd.eraseData();
            etcd.restart();
            await().atMost(TestObjects.DEADLINE)
                    .until(() -> objects.cache.snapshot().list("").isEmpty());
            Entry again = objects.maps.create("ns/a", TestObjects.map("ns/a", "2", Map.of()), 3_600);
            assertThat(TestObjects.value(objects.maps.get("ns/a"))).isEqualTo("2");
            assertThat(again.revision()).isPositive();
        }
    }
}
