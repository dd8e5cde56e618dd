package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.kinds.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WindowTest {
    private static final StoredResource RESOURCE = BuiltInResources.of(Kinds.of(ConfigMap.class));

    private final Window window = new Window(100);

    @Test
    void keepsYoungChangesUpToItsLimit() {
        add(101, Window.MAX, 0);
        assertThat(window.startsAfter()).isEqualTo(100);
        assertThat(revisions(100)).hasSize(Window.MAX).startsWith(101L);
        add(101 + Window.MAX, 1, 0);
        assertThat(window.startsAfter()).isEqualTo(101);
        assertThat(revisions(101)).hasSize(Window.MAX).startsWith(102L);
    }

    @Test
    void forgetsOldChangesButTheLastFew() {
        add(101, 1_000, 0);
        add(1_101, 100, Window.MAX_AGE_NANOS + 1);
        assertThat(window.startsAfter()).isBetween(700L, 1_100L);
        assertThat(revisions(window.startsAfter()))
                .hasSizeGreaterThanOrEqualTo(Window.MIN - 1)
                .endsWith(1_200L);
        assertThat(revisions(1_150)).hasSize(50).startsWith(1_151L);
        assertThat(revisions(1_200)).isEmpty();
        assertThat(revisions(9_999)).isEmpty();
    }

    private void add(long from, int count, long nanos) {
        for (int i = 0; i < count; i++) {
            Entry entry =
                    Entry.of(RESOURCE, "ns/a", ByteString.EMPTY, ConfigMap.getDefaultInstance(), from + i, from + i);
            window.add(new Change(null, entry, from + i), nanos);
        }
    }

    private List<Long> revisions(long since) {
        return window.since(since).stream().map(Change::revision).toList();
    }
}
