package io.jollyboat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VirtualRuntimeTest {
    private final VirtualRuntime runtime = new VirtualRuntime(7, Instant.EPOCH);

    @Test
    void timersRunInOrderAtTheirOwnTimes() {
        List<String> ran = new ArrayList<>();
        runtime.schedule(
                Duration.ofSeconds(2), () -> ran.add("two@" + runtime.now().getEpochSecond()));
        runtime.schedule(Duration.ofSeconds(1), () -> {
            ran.add("one@" + runtime.now().getEpochSecond());
            runtime.schedule(Duration.ofMillis(500), () -> ran.add("nested"));
        });
        runtime.schedule(Duration.ofSeconds(2), () -> ran.add("also two"));
        runtime.schedule(Duration.ofSeconds(1), () -> ran.add("never")).cancel();
        runtime.schedule(Duration.ofSeconds(9), () -> ran.add("later"));
        runtime.advance(Duration.ofSeconds(3));
        assertThat(ran).containsExactly("one@1", "nested", "two@2", "also two");
        assertThat(runtime.now()).isEqualTo(Instant.ofEpochSecond(3));
        assertThat(runtime.waiting()).isEqualTo(1);
    }

    @Test
    void sleepersWakeWhenTheClockSaysSo() {
        AtomicReference<Instant> woke = new AtomicReference<>();
        runtime.start("sleeper", () -> {
            try {
                runtime.sleep(Duration.ofHours(1));
                woke.set(runtime.now());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofMinutes(59));
        assertThat(woke.get()).isNull();
        runtime.advance(Duration.ofMinutes(1));
        await().atMost(Duration.ofSeconds(60)).until(() -> woke.get() != null);
        assertThat(woke.get()).isEqualTo(Instant.EPOCH.plusSeconds(3600));
    }

    @Test
    void equalSeedsGiveEqualNumbers() {
        assertThat(new VirtualRuntime(3).random().nextLong())
                .isEqualTo(new VirtualRuntime(3).random().nextLong());
    }
}
