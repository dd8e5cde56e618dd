package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ResourceCacheTest {
    private final DelayedStore store = new DelayedStore(new MemoryStore(SystemRuntime.instance()));
    private TestObjects objects;
    private ResourceCache cache;

    @BeforeEach
    void start() {
        objects = new TestObjects(store, SystemRuntime.instance());
        cache = objects.cache;
    }

    @AfterEach
    void stop() {
        objects.close();
        store.close();
    }

    @Test
    void viewsStayAsTheyWereAndPastOnesComeBack() {
        Entry a1 = objects.create("ns/a", "1");
        Entry b1 = objects.create("ns/b", "1");
        objects.awaitRevision(b1.revision());
        CacheView then = cache.snapshot();
        assertThat(then.revision()).isEqualTo(b1.revision());
        Entry a2 = objects.set("ns/a", "2");
        Entry gone = objects.delete("ns/b");
        Entry c1 = objects.create("ns/c", "1");
        objects.awaitRevision(c1.revision());
        assertThat(show(then)).containsExactly("ns/a=1", "ns/b=1");
        assertThat(show(cache.snapshot())).containsExactly("ns/a=2", "ns/c=1");
        assertThat(show(cache.snapshotAt(a1.revision()))).containsExactly("ns/a=1");
        assertThat(show(cache.snapshotAt(a2.revision()))).containsExactly("ns/a=2", "ns/b=1");
        assertThat(show(cache.snapshotAt(gone.revision()))).containsExactly("ns/a=2");
        assertThat(cache.snapshotAt(gone.revision()).revision()).isEqualTo(gone.revision());
        assertThatThrownBy(() -> cache.snapshotAt(c1.revision() + 10))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(504));
    }

    @Test
    void whatTheStoreForgotIsNotShownFromMemory() {
        Entry first = objects.create("ns/a", "1");
        Entry second = objects.set("ns/a", "2");
        Entry third = objects.set("ns/a", "3");
        objects.awaitRevision(third.revision());
        // Both are kept: asked for once, and in the window.
        assertThat(show(cache.snapshotAt(first.revision()))).containsExactly("ns/a=1");
        store.compact(second.revision()).join();
        cache.compacted(second.revision());
        assertThatThrownBy(() -> cache.snapshotAt(first.revision()))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(410));
        assertThat(show(cache.snapshotAt(second.revision()))).containsExactly("ns/a=2");
    }

    @Test
    void whatTheWindowForgotComesFromTheStore() {
        Entry first = objects.create("ns/a", "1");
        objects.create("other/a", "1");
        Entry second = objects.set("ns/a", "2");
        objects.set("ns/a", "3");
        // A new server knows nothing older than its start.
        try (TestObjects fresh = new TestObjects(store, SystemRuntime.instance())) {
            CacheView past = fresh.cache.snapshotAt(second.revision());
            assertThat(show(past)).containsExactly("ns/a=2", "other/a=1");
            assertThat(past.page("ns", "", 0, e -> true).entries()).hasSize(1);
            CacheView.Page page = past.page("", "", 1, e -> true);
            assertThat(page.nextKey()).isEqualTo("other/a");
            assertThat(page.remaining()).isEqualTo(1);
            assertThat(show(past.page("", page.nextKey(), 1, e -> true).entries()))
                    .containsExactly("other/a=1");
            assertThat(past.get("ns/a").revision()).isEqualTo(second.revision());
            store.compact(second.revision()).join();
            assertThatThrownBy(() -> fresh.cache.snapshotAt(first.revision()))
                    .isInstanceOfSatisfying(ApiException.class, e -> {
                        assertThat(e.isGone()).isTrue();
                        assertThat(e).hasMessage("The resourceVersion for the provided list is too old.");
                    });
            assertThatThrownBy(() -> fresh.cache.watch(first.revision(), WatchScope.all()))
                    .hasMessageMatching("too old resource version: " + first.revision() + " \\(\\d+\\)");
        }
    }

    @Test
    void watchGoesOnFromARevisionWithoutGapOrRepetition() throws InterruptedException {
        Entry a = objects.create("ns/a", "1");
        objects.set("ns/a", "2");
        Entry b = objects.create("ns/b", "1");
        objects.awaitRevision(b.revision());
        try (CacheWatch watch = cache.watch(a.revision(), WatchScope.all())) {
            objects.delete("ns/a");
            objects.set("ns/b", "2");
            List<CacheEvent> events = TestObjects.take(watch, 4);
            assertThat(events)
                    .extracting(TestObjects::show)
                    .containsExactly("MODIFIED ns/a=2", "ADDED ns/b=1", "DELETED ns/a=2", "MODIFIED ns/b=2");
            CacheEvent deleted = events.get(2);
            assertThat(deleted.entry().meta().getResourceVersion()).isEqualTo(Long.toString(deleted.revision()));
            assertThat(events).extracting(CacheEvent::revision).isSorted();
        }
    }

    @Test
    void watchFromTheFutureIsSilentUntilThen() throws InterruptedException {
        Entry a = objects.create("ns/a", "1");
        objects.awaitRevision(a.revision());
        try (CacheWatch watch = cache.watch(a.revision() + 2, WatchScope.all())) {
            objects.set("ns/a", "2");
            objects.set("ns/a", "3");
            objects.set("ns/a", "4");
            assertThat(TestObjects.take(watch, 1)).extracting(TestObjects::show).containsExactly("MODIFIED ns/a=4");
        }
    }

    @Test
    void objectEntersAndLeavesASelection() throws InterruptedException {
        Predicate<Entry> red = entry -> "red".equals(entry.labels().get("color"));
        WatchScope scope = new WatchScope("ns", "", "", "", red, false);
        try (CacheWatch watch = cache.watchFromNow(scope, false)) {
            objects.create("ns/a", "1", Map.of("color", "blue"));
            objects.create("other/a", "1", Map.of("color", "red"));
            objects.set("ns/a", "2", Map.of("color", "red"));
            objects.set("ns/a", "3", Map.of("color", "red"));
            Entry left = objects.set("ns/a", "4", Map.of("color", "blue"));
            objects.delete("ns/a");
            objects.create("ns/last", "1", Map.of("color", "red"));
            List<CacheEvent> events = TestObjects.take(watch, 4);
            assertThat(events)
                    .extracting(TestObjects::show)
                    .containsExactly("ADDED ns/a=2", "MODIFIED ns/a=3", "DELETED ns/a=3", "ADDED ns/last=1");
            assertThat(events.get(2).entry().revision()).isEqualTo(left.revision());
        }
    }

    @Test
    void initialEventsEndWithTheirMark() throws InterruptedException {
        for (int i = 0; i < 1_200; i++) {
            objects.create("ns/" + i, "1");
        }
        objects.maps.get("ns/1");
        try (CacheWatch watch = cache.watchFromNow(WatchScope.all(), true)) {
            objects.create("ns/later", "1");
            List<CacheEvent> events = TestObjects.take(watch, 1_202);
            assertThat(events.subList(0, 1_200)).allMatch(event -> event.type() == CacheEvent.Type.ADDED);
            assertThat(events.get(1_200).type()).isEqualTo(CacheEvent.Type.INITIAL_EVENTS_END);
            assertThat(events.get(1_200).revision()).isEqualTo(events.get(1_201).revision() - 1);
            assertThat(TestObjects.show(events.get(1_201))).isEqualTo("ADDED ns/later=1");
        }
    }

    @Test
    void watchesOfOneObjectOrNodeSeeOnlyIt() throws InterruptedException {
        ObjectStorage pods = objects.storages.of(Kinds.of(Pod.class));
        await().atMost(TestObjects.DEADLINE).until(pods.cache()::isLive);
        Predicate<Entry> onNode = e -> e.indexed(StoredResource.NODE_NAME).contains("n1");
        try (CacheWatch node = pods.cache()
                        .watchFromNow(new WatchScope("", "", StoredResource.NODE_NAME, "n1", onNode, false), false);
                CacheWatch one =
                        pods.cache().watchFromNow(new WatchScope("ns", "b", "", "", e -> true, false), false)) {
            pods.create("ns/a", pod("a", "n1"), 0);
            pods.create("ns/b", pod("b", ""), 0);
            pods.create("ns/c", pod("c", "n2"), 0);
            pods.update("ns/b", Preconditions.NONE, false, 0, old -> pod("b", "n1"));
            pods.delete("ns/a", Preconditions.NONE, old -> {});
            assertThat(TestObjects.take(node, 3))
                    .extracting(e -> e.type() + " " + e.entry().name())
                    .containsExactly("ADDED a", "ADDED b", "DELETED a");
            assertThat(TestObjects.take(one, 2))
                    .extracting(e -> e.type() + " " + e.entry().name())
                    .containsExactly("ADDED b", "MODIFIED b");
        }
        assertThat(pods.cache().byIndex(StoredResource.NODE_NAME, "n1"))
                .extracting(Entry::name)
                .containsExactly("b");
        assertThat(pods.cache().byIndex(StoredResource.NODE_NAME, "n2")).hasSize(1);
        assertThat(pods.cache().byIndex(StoredResource.NODE_NAME, "")).isEmpty();
    }

    @Test
    void readerThatDoesNotReadIsDropped() throws InterruptedException {
        CacheWatch slow = cache.watchFromNow(WatchScope.all(), false);
        Entry last = objects.create("ns/a", "0");
        for (int i = 1; i <= QueuedWatch.CAPACITY + 1; i++) {
            last = objects.set("ns/a", Integer.toString(i));
        }
        objects.awaitRevision(last.revision());
        assertThat(slow.take()).as("ended, rather than with a gap").isEmpty();
        assertThat(objects.metric("apiserver_terminated_watchers_total"))
                .singleElement()
                .asString()
                .endsWith(" 1.0");
        assertThat(objects.metric("apiserver_resource_objects"))
                .singleElement()
                .asString()
                .endsWith(" 1.0");
        assertThat(objects.metric("etcd_request_duration_seconds_count{group=\"\",operation=\"update\""))
                .singleElement()
                .asString()
                .endsWith(" " + (QueuedWatch.CAPACITY + 1));
    }

    @Test
    void closingWakesTheReader() throws InterruptedException {
        CacheWatch watch = cache.watchFromNow(WatchScope.all(), false);
        SystemRuntime.instance().start("close", watch::close);
        assertThat(watch.take()).isEmpty();
    }

    @Test
    void waitsForARevisionAndGivesUp() {
        Entry created = objects.create("ns/a", "1");
        store.hold();
        Entry next = objects.set("ns/a", "2");
        CompletableFuture<Void> reached = cache.awaitRevision(next.revision(), TestObjects.DEADLINE);
        assertThat(reached).isNotDone();
        assertThatThrownBy(() -> cache.awaitRevision(next.revision(), Duration.ofMillis(20))
                        .join())
                .cause()
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(504);
                    assertThat(e)
                            .hasMessage("Timeout: Too large resource version: " + next.revision() + ", current: "
                                    + created.revision());
                });
        store.release();
        reached.join();
        assertThat(TestObjects.value(cache.get("ns/a"))).isEqualTo("2");
    }

    @Test
    void otherKeysMoveEveryCacheForward() {
        Entry created = objects.create("ns/a", "1");
        objects.storages.of(Kinds.of(Pod.class)).create("ns/p", pod("p", ""), 0);
        cache.awaitCurrent().join();
        assertThat(cache.snapshot().revision()).isEqualTo(created.revision() + 1);
        assertThat(cache.get("ns/a").revision()).isEqualTo(created.revision());
    }

    @Test
    void readersThatComeMeanwhileShareTheNextProbe() {
        store.holdProbes();
        CompletableFuture<Void> first = cache.awaitCurrent();
        CompletableFuture<Void> second = cache.awaitCurrent();
        CompletableFuture<Void> third = cache.awaitCurrent();
        assertThat(store.heldProbes()).as("one under way").isEqualTo(1);
        store.answerProbe();
        first.join();
        assertThat(second).isNotDone();
        assertThat(store.heldProbes()).as("one for both").isEqualTo(1);
        store.answerProbe();
        second.join();
        third.join();
        assertThat(store.heldProbes()).isZero();
    }

    @Test
    void brokenStoreWatchEndsWatchesAndFillsTheCacheAnew() throws InterruptedException {
        Entry a = objects.create("ns/a", "1");
        objects.awaitRevision(a.revision());
        CacheWatch watch = cache.watch(a.revision(), WatchScope.all());
        store.hold();
        Entry b = objects.create("ns/b", "1");
        store.fail(new StoreException(StoreException.Kind.UNAVAILABLE, "down"));
        store.breakWatches();
        assertThat(watch.take()).isEmpty();
        assertThat(show(cache.snapshot())).as("the last state is still there").containsExactly("ns/a=1");
        assertThat(cache.snapshot().revision()).isEqualTo(a.revision());
        assertThatThrownBy(() -> cache.watch(a.revision(), WatchScope.all())).hasMessage("storage is (re)initializing");
        assertThatThrownBy(() -> cache.awaitCurrent().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(503));
        assertThat(objects.storages.notReadyReason()).isEqualTo("etcd failed: down");
        store.fail(null);
        store.release();
        cache.awaitRevision(b.revision(), TestObjects.DEADLINE).join();
        assertThat(show(cache.snapshot())).containsExactly("ns/a=1", "ns/b=1");
        assertThatThrownBy(() -> cache.watch(a.revision(), WatchScope.all()))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isGone()).isTrue());
        assertThat(objects.storages.notReadyReason()).isEmpty();
    }

    @Test
    void damagedObjectHidesOnlyItself() {
        store.put(
                        com.google.protobuf.ByteString.copyFromUtf8("/registry/configmaps/ns/bad"),
                        com.google.protobuf.ByteString.copyFromUtf8("garbage"),
                        0,
                        0)
                .join();
        Entry good = objects.create("ns/good", "1");
        objects.awaitRevision(good.revision());
        assertThat(show(cache.snapshot())).containsExactly("ns/good=1");
        assertThatThrownBy(() -> objects.set("ns/bad", "2"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(500));
    }

    private static Pod pod(String name, String node) {
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("ns").setName(name))
                .setSpec(PodSpec.newBuilder().setNodeName(node))
                .build();
    }

    private static List<String> show(CacheView view) {
        return show(view.list(""));
    }

    private static List<String> show(List<Entry> entries) {
        assertThat(entries).allMatch(entry -> entry.object() instanceof ConfigMap);
        return entries.stream().map(e -> e.key() + "=" + TestObjects.value(e)).toList();
    }
}
