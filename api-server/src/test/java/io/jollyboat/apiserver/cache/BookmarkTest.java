package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BookmarkTest {
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final MemoryStore store = new MemoryStore(runtime);

    @Test
    void watchThatWantsThemGetsOneAMinute() throws InterruptedException {
        try (TestObjects objects = new TestObjects(store, runtime)) {
            WatchScope none = new WatchScope("other", "", "", "", entry -> true, true);
            CacheWatch wants = objects.cache.watchFromNow(none, false);
            CacheWatch doesNot =
                    objects.cache.watchFromNow(new WatchScope("", "", "", "", entry -> true, false), false);
            Entry created = objects.create("ns/a", "1");
            runtime.advance(Duration.ofSeconds(80));
            List<CacheEvent> first = wants.take();
            assertThat(first)
                    .singleElement()
                    .isEqualTo(new CacheEvent(CacheEvent.Type.BOOKMARK, null, created.revision()));
            runtime.advance(Duration.ofMinutes(10));
            assertThat(wants.take()).hasSizeBetween(8, 10);
            Entry last = objects.create("ns/b", "1");
            assertThat(TestObjects.take(doesNot, 2))
                    .extracting(CacheEvent::revision)
                    .containsExactly(created.revision(), last.revision());
        }
    }
}
