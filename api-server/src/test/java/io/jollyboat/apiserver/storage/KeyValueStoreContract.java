package io.jollyboat.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.RangeRequest.Want;
import io.jollyboat.apiserver.storage.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store does, whatever it is made of. A store may be shared by the tests: each uses keys of its own. */
@Timeout(120)
abstract class KeyValueStoreContract {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static int tests;

    private KeyValueStore store;
    private String base;
    private final List<KeyValueStore.Watch> watches = new ArrayList<>();

    abstract KeyValueStore open();

    @BeforeEach
    void openStore() {
        store = open();
        base = "/registry/contract" + tests++ + "/";
    }

    @AfterEach
    void closeStore() {
        watches.forEach(KeyValueStore.Watch::close);
        store.close();
    }

    @Test
    void putsOnlyWhatIsAsExpected() {
        long created = put("a", "1", 0);
        WriteResult.Conflict exists = (WriteResult.Conflict) write("a", "2", 0);
        assertThat(exists.current().value()).isEqualTo(bytes("1"));
        assertThat(exists.current().modRevision()).isEqualTo(created);
        long changed = put("a", "2", created);
        assertThat(changed).isGreaterThan(created);
        WriteResult.Conflict stale = (WriteResult.Conflict) write("a", "3", created);
        assertThat(stale.revision()).isGreaterThanOrEqualTo(changed);
        KeyValue entry = get("a");
        assertThat(entry).isEqualTo(new KeyValue(key("a"), bytes("2"), created, changed, 0));
        WriteResult.Conflict absent = (WriteResult.Conflict) write("b", "1", changed);
        assertThat(absent.current()).isNull();
    }

    @Test
    void deletesOnlyWhatIsAsExpected() {
        long created = put("a", "1", 0);
        long changed = put("a", "2", created);
        WriteResult.Conflict stale =
                (WriteResult.Conflict) store.delete(key("a"), created).join();
        assertThat(stale.current().modRevision()).isEqualTo(changed);
        WriteResult deleted = store.delete(key("a"), changed).join();
        assertThat(deleted).isInstanceOf(WriteResult.Written.class);
        assertThat(deleted.revision()).isGreaterThan(changed);
        assertThat(get("a")).isNull();
        WriteResult.Conflict gone =
                (WriteResult.Conflict) store.delete(key("a"), changed).join();
        assertThat(gone.current()).isNull();
        long again = put("a", "3", 0);
        assertThat(get("a").createRevision()).isEqualTo(again);
    }

    @Test
    void readsRangesInKeyOrderAndInPages() {
        for (String name : List.of("ns/b", "ns-a/x", "ns/a", "ns0", "ns/c")) {
            put(name, "v", 0);
        }
        assertThat(names(range(""))).containsExactly("ns-a/x", "ns/a", "ns/b", "ns/c", "ns0");
        assertThat(names(range("ns/"))).containsExactly("ns/a", "ns/b", "ns/c");
        RangeResult page = store.range(RangeRequest.prefix(key("ns/")).limit(2)).join();
        assertThat(names(page)).containsExactly("ns/a", "ns/b");
        assertThat(page.more()).isTrue();
        assertThat(page.count()).isEqualTo(3);
        RangeResult rest = store.range(RangeRequest.prefix(key("ns/")).limit(2).from(key("ns/c")))
                .join();
        assertThat(names(rest)).containsExactly("ns/c");
        assertThat(rest.more()).isFalse();
        RangeResult keys =
                store.range(RangeRequest.prefix(key("ns/")).want(Want.KEYS)).join();
        assertThat(names(keys)).hasSize(3);
        assertThat(keys.entries()).allMatch(entry -> entry.value().isEmpty() && entry.modRevision() > 0);
        RangeResult count =
                store.range(RangeRequest.prefix(key("ns/")).want(Want.COUNT)).join();
        assertThat(count.count()).isEqualTo(3);
        assertThat(count.entries()).isEmpty();
    }

    @Test
    void readsThePast() {
        long first = put("a", "1", 0);
        long second = put("a", "2", first);
        long third = store.delete(key("a"), second).join().revision();
        assertThat(valueAt(first)).isEqualTo("1");
        assertThat(valueAt(second)).isEqualTo("2");
        assertThat(valueAt(third)).isNull();
        assertThat(range("").revision()).isGreaterThanOrEqualTo(third);
        assertFails(store.range(RangeRequest.key(key("a")).at(third + 1_000_000)), Kind.FUTURE_REVISION);
    }

    @Test
    void currentRevisionCoversAcknowledgedWrites() {
        long last = 0;
        for (int i = 0; i < 10; i++) {
            last = put("a", "v" + i, last);
            assertThat(store.currentRevision().join()).isGreaterThanOrEqualTo(last);
        }
    }

    @Test
    void watchDeliversHistoryThenWhatHappens() {
        long first = put("a", "1", 0);
        long second = put("a", "2", first);
        put("b", "1", 0);
        Recorder recorder = watch("", second);
        await().atMost(DEADLINE).until(() -> recorder.events().size() == 2);
        long third = store.delete(key("a"), second).join().revision();
        long fourth = put("a", "3", 0);
        await().atMost(DEADLINE).until(() -> recorder.events().size() == 4);
        assertThat(recorder.events().get(0)).isInstanceOf(StoreEvent.Put.class);
        assertThat(recorder.events().get(0).revision()).isEqualTo(second);
        assertThat(recorder.events().get(2)).isEqualTo(new StoreEvent.Delete(key("a"), third));
        assertThat(recorder.events().get(3))
                .isEqualTo(new StoreEvent.Put(new KeyValue(key("a"), bytes("3"), fourth, fourth, 0)));
    }

    @Test
    void watchSeesItsPrefixOnly() {
        long start = store.currentRevision().join() + 1;
        Recorder inside = watch("ns/", start);
        Recorder all = new Recorder();
        watches.add(store.watch(ByteString.EMPTY, start, all));
        put("ns", "v", 0);
        put("ns0", "v", 0);
        put("ns/a", "v", 0);
        await().atMost(DEADLINE).until(() -> all.events().size() >= 3);
        await().atMost(DEADLINE).until(() -> !inside.events().isEmpty());
        assertThat(inside.events()).singleElement().matches(event -> event.key().equals(key("ns/a")));
    }

    @Test
    void closedWatchIsSilent() {
        Recorder closed = watch("", store.currentRevision().join() + 1);
        put("a", "1", 0);
        await().atMost(DEADLINE).until(() -> closed.events().size() == 1);
        watches.getLast().close();
        Recorder open = watch("", store.currentRevision().join() + 1);
        put("b", "1", 0);
        await().atMost(DEADLINE).until(() -> open.events().size() == 1);
        assertThat(closed.events()).hasSize(1);
        assertThat(closed.end).isNull();
    }

    @Test
    void compactionForgets() {
        long first = put("a", "1", 0);
        long second = put("a", "2", first);
        long third = put("a", "3", second);
        store.compact(second).join();
        assertFails(store.range(RangeRequest.key(key("a")).at(first)), Kind.COMPACTED);
        assertThat(valueAt(second)).isEqualTo("2");
        assertThat(valueAt(third)).isEqualTo("3");
        assertFails(store.compact(second), Kind.COMPACTED);
        assertFails(store.compact(third + 1_000_000), Kind.FUTURE_REVISION);
        Recorder late = watch("", first);
        await().atMost(DEADLINE).until(() -> late.end != null);
        assertThat(late.end.kind()).isEqualTo(Kind.COMPACTED);
        assertThat(late.end).hasMessageContaining("required revision has been compacted");
        Recorder inTime = watch("", third);
        await().atMost(DEADLINE).until(() -> inTime.events().size() == 1);
    }

    @Test
    void leasedKeysVanish() {
        long lease = store.grantLease(1).join();
        assertThat(lease).isNotZero();
        Recorder recorder = watch("", store.currentRevision().join() + 1);
        store.put(key("a"), bytes("1"), 0, lease).join();
        store.put(key("b"), bytes("1"), 0, lease).join();
        put("c", "stays", 0);
        assertThat(get("a").leaseId()).isEqualTo(lease);
        await().atMost(DEADLINE).until(() -> recorder.events().size() == 5);
        assertThat(recorder.events().subList(3, 5)).allMatch(StoreEvent.Delete.class::isInstance);
        assertThat(recorder.batches.getLast()).as("one revision in one batch").hasSize(2);
        assertThat(names(range(""))).containsExactly("c");
        assertFails(store.put(key("d"), bytes("1"), 0, lease), Kind.REFUSED);
    }

    @Test
    void keyPutWithoutLeaseOutlivesIt() {
        long lease = store.grantLease(1).join();
        WriteResult leased = store.put(key("a"), bytes("1"), 0, lease).join();
        store.put(key("b"), bytes("1"), 0, lease).join();
        put("a", "2", leased.revision());
        await().atMost(DEADLINE).until(() -> get("b") == null);
        assertThat(get("a").leaseId()).isZero();
    }

    @Test
    void concurrentWritersOfOneKeyNeverLoseAnUpdate() throws InterruptedException {
        put("counter", "0", 0);
        List<Thread> writers = new ArrayList<>();
        Set<Long> revisions = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 8; i++) {
            writers.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 10; ) {
                    KeyValue current = get("counter");
                    String next =
                            Integer.toString(Integer.parseInt(current.value().toStringUtf8()) + 1);
                    if (write("counter", next, current.modRevision()) instanceof WriteResult.Written written) {
                        revisions.add(written.revision());
                        n++;
                    }
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(get("counter").value().toStringUtf8()).isEqualTo("80");
        assertThat(revisions).hasSize(80);
    }

    private Recorder watch(String suffix, long start) {
        Recorder recorder = new Recorder();
        watches.add(store.watch(key(suffix), start, recorder));
        return recorder;
    }

    private long put(String name, String value, long expected) {
        WriteResult result = write(name, value, expected);
        assertThat(result).isInstanceOf(WriteResult.Written.class);
        return result.revision();
    }

    private WriteResult write(String name, String value, long expected) {
        return store.put(key(name), bytes(value), expected, 0).join();
    }

    private KeyValue get(String name) {
        List<KeyValue> found = store.range(RangeRequest.key(key(name))).join().entries();
        return found.isEmpty() ? null : found.getFirst();
    }

    private String valueAt(long revision) {
        List<KeyValue> found =
                store.range(RangeRequest.key(key("a")).at(revision)).join().entries();
        return found.isEmpty() ? null : found.getFirst().value().toStringUtf8();
    }

    private RangeResult range(String suffix) {
        return store.range(RangeRequest.prefix(key(suffix))).join();
    }

    private List<String> names(RangeResult result) {
        return result.entries().stream()
                .map(entry -> entry.key().toStringUtf8().substring(base.length()))
                .toList();
    }

    private ByteString key(String name) {
        return bytes(base + name);
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static void assertFails(CompletableFuture<?> call, Kind kind) {
        assertThatThrownBy(call::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static final class Recorder implements WatchListener {
        private final List<StoreEvent> events = new ArrayList<>();
        private final List<List<StoreEvent>> batches = new ArrayList<>();
        private volatile StoreException end;

        @Override
        public synchronized void onEvents(List<StoreEvent> batch) {
            events.addAll(batch);
            batches.add(batch);
        }

        @Override
        public void onEnd(StoreException reason) {
            end = reason;
        }

        synchronized List<StoreEvent> events() {
            return List.copyOf(events);
        }
    }
}
