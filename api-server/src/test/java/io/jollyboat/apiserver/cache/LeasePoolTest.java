package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LeasePoolTest {
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final LeasePool leases = new LeasePool(new MemoryStore(runtime), runtime);

    @Test
    void objectsOfTheSameMinuteShareALease() {
        long first = lease(3_600);
        runtime.advance(Duration.ofSeconds(59));
        assertThat(lease(3_600)).isEqualTo(first);
        runtime.advance(Duration.ofSeconds(2));
        assertThat(lease(3_600)).isNotEqualTo(first);
        assertThat(lease(0)).isZero();
    }

    @Test
    void aLeaseLivesHardlyLongerThanAskedFor() {
        long hour = lease(3_600);
        assertThat(lease(60)).as("a minute must not become an hour").isNotEqualTo(hour);
    }

    @Test
    void aLeaseHoldsAThousandObjects() {
        long first = lease(3_600);
        for (int i = 1; i < 1_000; i++) {
            assertThat(lease(3_600)).isEqualTo(first);
        }
        assertThat(lease(3_600)).isNotEqualTo(first);
    }

    private long lease(long ttlSeconds) {
        return leases.lease(ttlSeconds).join();
    }
}
