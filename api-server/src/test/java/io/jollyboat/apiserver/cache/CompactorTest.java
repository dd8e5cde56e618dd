package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.runtime.VirtualRuntime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompactorTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("/registry/configmaps/ns/a");

    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final MemoryStore store = new MemoryStore(runtime);
    private final List<Long> told = new ArrayList<>();

    @Test
    void forgetsWhatIsOlderThanTheRoundBefore() {
        Compactor compactor = new Compactor(store, runtime, told::add);
        compactor.start();
        long first = put(0);
        long second = put(first);
        runtime.advance(Compactor.INTERVAL);
        assertThat(readableAt(first)).as("nothing is compacted on start").isTrue();
        long third = put(second);
        runtime.advance(Compactor.INTERVAL);
        assertThat(readableAt(first)).isFalse();
        assertThat(readableAt(third)).isTrue();
        runtime.advance(Compactor.INTERVAL);
        assertThat(readableAt(second)).isFalse();
        assertThat(told).hasSize(2).isSorted();
        assertThat(told.getLast()).isGreaterThan(second);
        compactor.close();
        assertThat(runtime.waiting()).isZero();
    }

    @Test
    void ofSeveralServersOneCompacts() {
        Compactor first = new Compactor(store, runtime, revision -> {});
        Compactor second = new Compactor(store, runtime, told::add);
        first.compact().join();
        second.compact().join();
        long marked = mark().modRevision();
        long written = put(0);
        first.compact().join();
        assertThat(mark().modRevision()).as("it was the first one's turn").isGreaterThan(marked);
        long again = mark().modRevision();
        told.clear();
        second.compact().join();
        assertThat(told)
                .as("what the first one had forgotten, the second one's caches forget too")
                .containsExactly(Long.parseLong(mark().value().toStringUtf8()));
        assertThat(mark().modRevision())
                .as("the second one saw that and left it")
                .isEqualTo(again);
        assertThat(readableAt(written)).isTrue();
        // The first is gone; the second takes over and forgets what is older than its own last look.
        long changed = put(written);
        second.compact().join();
        assertThat(mark().value().toStringUtf8()).isEqualTo(Long.toString(again));
        assertThat(readableAt(written)).isFalse();
        assertThat(readableAt(changed)).isTrue();
    }

    private KeyValue mark() {
        return store.range(RangeRequest.key(ByteString.copyFromUtf8(StorageKeys.COMPACTION)))
                .join()
                .entries()
                .getFirst();
    }

    private long put(long expected) {
        return store.put(KEY, ByteString.EMPTY, expected, 0).join().revision();
    }

    private boolean readableAt(long revision) {
        try {
            return store.range(RangeRequest.key(KEY).at(revision)).join().count() >= 0;
        } catch (java.util.concurrent.CompletionException e) {
            assertThatThrownBy(() -> {
                        throw e.getCause();
                    })
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            cause -> assertThat(cause.kind()).isEqualTo(StoreException.Kind.COMPACTED));
            return false;
        }
    }
}
