package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many write, read and watch at once through two API servers' caches while the store's watches stall and break and
 * answers get lost. The store's own history says what each of them should have seen.
 */
@Timeout(120)
final class ConcurrentHistoryTest {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final String PREFIX = "/registry/configmaps/";
    private static final int KEYS = 6;
    private static final int WRITES = 400;

    private KeyValueStore truth;
    private final Map<Long, StoreEvent> history = new ConcurrentHashMap<>();
    /** The newest acknowledged write of each key. */
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    /** Writers go on until it is over. */
    private final AtomicBoolean trouble = new AtomicBoolean();

    /** What goes wrong while the test runs. */
    private interface Trouble {
        void makeFor(DelayedStore first, DelayedStore second) throws InterruptedException;
    }

    @Test
    void everyWatchSeesTheHistoryAndEveryReadTheNewestState() throws InterruptedException {
        truth = new MemoryStore(RUNTIME);
        run(truth, truth, (first, second) -> {});
    }

    @Test
    void everyWatchSeesTheHistoryThoughTheStoreMisbehaves() throws InterruptedException {
        truth = new MemoryStore(RUNTIME);
        run(truth, truth, (first, second) -> {
            Thread other = start("trouble", () -> misbehave(second));
            misbehave(first);
            other.join();
        });
    }

    @Test
    void everyWatchSeesTheHistoryThoughEtcdIsKilledAndHangs() throws InterruptedException {
        try (EtcdFixture etcd = EtcdFixture.tls();
                EtcdStore oracle = etcd.open();
                EtcdStore firstStore = impatient(etcd);
                EtcdStore secondStore = impatient(etcd)) {
            truth = oracle;
            trouble.set(true);
            run(firstStore, secondStore, (first, second) -> {
                RUNTIME.sleep(Duration.ofMillis(150));
                etcd.kill();
                RUNTIME.sleep(Duration.ofMillis(300));
                etcd.restart();
                RUNTIME.sleep(Duration.ofMillis(900));
                etcd.pause();
                RUNTIME.sleep(Duration.ofMillis(600));
                etcd.resume();
                RUNTIME.sleep(Duration.ofMillis(300));
                trouble.set(false);
            });
        }
    }

    /** Gives up on a call while etcd hangs. */
    private static EtcdStore impatient(EtcdFixture etcd) {
        return EtcdStore.open(
                new EtcdConfig(etcd.config().endpoints(), etcd.tlsFiles(), Duration.ofMillis(400)), RUNTIME);
    }

    private void run(KeyValueStore firstBacking, KeyValueStore secondBacking, Trouble maker)
            throws InterruptedException {
        await().atMost(TestObjects.DEADLINE)
                .ignoreExceptions()
                .until(() -> truth.currentRevision().join() > 0);
        truth.watch(ByteString.EMPTY, 1, new HistoryRecorder());
        DelayedStore firstStore = new DelayedStore(firstBacking);
        DelayedStore secondStore = new DelayedStore(secondBacking);
        try (TestObjects first = new TestObjects(firstStore, RUNTIME);
                TestObjects second = new TestObjects(secondStore, RUNTIME)) {
            List<Thread> writers = new ArrayList<>();
            List<Thread> others = new ArrayList<>();
            for (TestObjects server : List.of(first, second)) {
                for (int i = 0; i < 4; i++) {
                    writers.add(start("writer", () -> write(server)));
                    others.add(start("reader", () -> read(server)));
                    others.add(start("watcher", () -> watch(server)));
                }
            }
            Thread troubled = start("trouble", () -> maker.makeFor(firstStore, secondStore));
            join(writers);
            writing.set(false);
            join(List.of(troubled));
            // The last write lets every watcher notice that the others have stopped.
            firstStore.loseAnswers(0);
            await().atMost(TestObjects.DEADLINE).ignoreExceptions().until(() -> last(first));
            join(others);
            assertThat(failures).isEmpty();
            long end = truth.currentRevision().join();
            happened(end);
            assertThat(history).hasSize((int) end - 1);
            for (TestObjects server : List.of(first, second)) {
                server.awaitRevision(end);
                assertThat(state(server.cache.snapshot().list(""))).isEqualTo(stateAt(end));
            }
        }
    }

    /** An earlier attempt may have happened though it failed. */
    private static boolean last(TestObjects server) {
        return server.maps.update(
                        "ns/end", Preconditions.NONE, true, 0, old -> TestObjects.map("ns/end", "end", Map.of()))
                != null;
    }

    private void write(TestObjects server) throws InterruptedException {
        RandomGenerator random = RUNTIME.random();
        for (int i = 0; i < WRITES || trouble.get(); i++) {
            String key = "ns/" + random.nextInt(KEYS);
            String value = Integer.toString(i);
            try {
                Entry done = switch (random.nextInt(4)) {
                    case 0 -> server.create(key, value);
                    case 1 -> server.delete(key);
                    default -> server.set(key, value);
                };
                acknowledged.merge(key, done.revision(), Math::max);
            } catch (ApiException e) {
                assertThat(e.code()).isIn(404, 409, 500, 503, 504);
                pause(e);
            }
        }
    }

    /** A read returns the state at one moment between its call and its return. */
    private void read(TestObjects server) throws InterruptedException {
        RandomGenerator random = RUNTIME.random();
        while (writing.get()) {
            String key = "ns/" + random.nextInt(KEYS);
            long atLeast = acknowledged.getOrDefault(key, 0L);
            Entry entry;
            try {
                entry = server.maps.get(key);
            } catch (ApiException e) {
                assertThat(e.code()).isIn(500, 503, 504, 429);
                pause(e);
                continue;
            }
            long atMost = currentRevision();
            boolean explained = false;
            happened(atMost);
            for (long at = Math.max(atLeast, 1); at <= atMost && !explained; at++) {
                explained = (entry == null ? 0 : entry.revision()) == revisionAt(key, at);
            }
            assertThat(explained)
                    .as("%s read as %s, though %d was acknowledged", key, entry, atLeast)
                    .isTrue();
        }
    }

    /** Follows the API's protocol as an informer does, and compares each stretch with the history. */
    private void watch(TestObjects server) throws InterruptedException {
        long since = 0;
        while (true) {
            try {
                if (since == 0) {
                    server.cache.awaitCurrent().join();
                    CacheView list = server.cache.snapshot();
                    since = list.revision();
                    assertThat(state(list.list(""))).isEqualTo(stateAt(since));
                    if (list.get("ns/end") != null) {
                        // Written since it was last asked for: no watch would tell of it any more.
                        return;
                    }
                }
                CacheWatch watch = server.cache.watch(since, WatchScope.all());
                for (List<CacheEvent> events = watch.take(); !events.isEmpty(); events = watch.take()) {
                    for (CacheEvent event : events) {
                        compare(since, event);
                        since = event.revision();
                        if (event.entry() != null && event.entry().key().equals("ns/end")) {
                            watch.close();
                            return;
                        }
                    }
                }
            } catch (ApiException e) {
                assertThat(e.code()).isIn(410, 429, 500, 503, 504);
                since = e.isGone() ? 0 : since;
                pause(e);
                if (ended(server)) {
                    return;
                }
            } catch (java.util.concurrent.CompletionException e) {
                assertThat(e).hasCauseInstanceOf(ApiException.class);
                pause((ApiException) e.getCause());
            }
        }
    }

    /** As a client does; else those that wait leave no processor to what they wait for. */
    private static void pause(ApiException failure) throws InterruptedException {
        if (failure.code() == 429 || failure.code() >= 500) {
            RUNTIME.sleep(Duration.ofMillis(5));
        }
    }

    private static boolean ended(TestObjects server) {
        try {
            return server.cache.get("ns/end") != null;
        } catch (ApiException e) {
            return false;
        }
    }

    private void compare(long since, CacheEvent event) {
        for (long skipped = since + 1; skipped < event.revision(); skipped++) {
            assertThat(happened(skipped).key().toStringUtf8())
                    .as("only other resources' changes are passed over")
                    .doesNotStartWith(PREFIX);
        }
        assertThat(event.revision()).isGreaterThan(since);
        if (event.type() == CacheEvent.Type.BOOKMARK) {
            return;
        }
        StoreEvent happened = happened(event.revision());
        assertThat(happened.key().toStringUtf8())
                .isEqualTo(PREFIX + event.entry().key());
        CacheEvent.Type expected = switch (happened) {
            case StoreEvent.Delete delete -> CacheEvent.Type.DELETED;
            case StoreEvent.Put put ->
                put.entry().createRevision() == put.revision() ? CacheEvent.Type.ADDED : CacheEvent.Type.MODIFIED;
        };
        assertThat(event.type()).isEqualTo(expected);
    }

    private long currentRevision() {
        long[] revision = new long[1];
        await().atMost(TestObjects.DEADLINE).ignoreExceptions().until(() -> {
            revision[0] = truth.currentRevision().join();
            return true;
        });
        return revision[0];
    }

    /** The recorder of the history may be behind. */
    private StoreEvent happened(long revision) {
        if (revision > 1 && !history.containsKey(revision)) {
            await().atMost(TestObjects.DEADLINE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> history.containsKey(revision));
        }
        return history.get(revision);
    }

    private void misbehave(DelayedStore store) throws InterruptedException {
        RandomGenerator random = RUNTIME.random();
        while (writing.get()) {
            RUNTIME.sleep(Duration.ofMillis(random.nextInt(8)));
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> {
                    store.hold();
                    RUNTIME.sleep(Duration.ofMillis(random.nextInt(5)));
                    store.release();
                }
                case 3 -> {
                    store.loseAnswers(20);
                    store.fail(new StoreException(StoreException.Kind.UNAVAILABLE, "down"));
                    RUNTIME.sleep(Duration.ofMillis(random.nextInt(3)));
                    store.fail(null);
                }
                default -> store.breakWatches();
            }
        }
    }

    private Map<String, Long> stateAt(long revision) {
        Map<String, Long> state = new TreeMap<>();
        for (long at = 2; at <= revision; at++) {
            StoreEvent event = happened(at);
            String key = event.key().toStringUtf8();
            if (key.startsWith(PREFIX)) {
                switch (event) {
                    case StoreEvent.Put put -> state.put(key.substring(PREFIX.length()), put.revision());
                    case StoreEvent.Delete delete -> state.remove(key.substring(PREFIX.length()));
                }
            }
        }
        return state;
    }

    /** Of the key's version that was newest at a revision; 0 if there was none. */
    private long revisionAt(String key, long revision) {
        for (long at = revision; at >= 2; at--) {
            StoreEvent event = happened(at);
            if (event.key().toStringUtf8().equals(PREFIX + key)) {
                return event instanceof StoreEvent.Put ? at : 0;
            }
        }
        return 0;
    }

    private static Map<String, Long> state(List<Entry> entries) {
        Map<String, Long> state = new TreeMap<>();
        entries.forEach(entry -> state.put(entry.key(), entry.revision()));
        return state;
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private Thread start(String name, Body body) {
        return RUNTIME.start(name, () -> {
            try {
                body.run();
            } catch (Throwable e) {
                failures.add(e);
            }
        });
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            boolean ended = thread.join(Duration.ofSeconds(60));
            assertThat(ended)
                    .as(() -> thread.getName() + " is at " + Arrays.toString(thread.getStackTrace()))
                    .isTrue();
        }
    }

    private final class HistoryRecorder implements WatchListener {
        @Override
        public void onEvents(List<StoreEvent> events) {
            events.forEach(event -> history.put(event.revision(), event));
        }

        @Override
        public void onEnd(StoreException reason) {
            failures.add(reason);
        }
    }
}
