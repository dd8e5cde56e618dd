package io.jollyboat.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final Metrics metrics = new Metrics();
    private final WorkQueue<String> queue = new WorkQueue<>("test", BackOff.Limits.DEFAULT, 1000, runtime, metrics);

    @Test
    void aKeyWaitsOnce() throws Exception {
        queue.add("a");
        queue.add("b");
        queue.add("a");
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void aKeyAddedDuringItsWorkWaitsForItsEnd() throws Exception {
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        queue.add("a");
        queue.add("a");
        assertThat(queue.size()).isZero();
        queue.done("a");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        assertThat(queue.size()).isZero();
    }

    @Test
    void theShorterOfTwoDelaysCounts() {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(2));
        queue.addAfter("a", Duration.ofSeconds(5));
        runtime.advance(Duration.ofMillis(1999));
        assertThat(queue.size()).isZero();
        runtime.advance(Duration.ofMillis(1));
        assertThat(queue.size()).isEqualTo(1);
        assertThat(runtime.waiting()).isZero();
    }

    @Test
    void failuresComeBackLaterAndLater() throws Exception {
        for (long millis : new long[] {5, 10, 20, 40, 80}) {
            queue.addWithBackOff("a");
            runtime.advance(Duration.ofMillis(millis - 1));
            assertThat(queue.size()).isZero();
            runtime.advance(Duration.ofMillis(1));
            assertThat(queue.take()).isEqualTo("a");
            queue.done("a");
        }
        assertThat(queue.failures("a")).isEqualTo(5);
        queue.forget("a");
        queue.addWithBackOff("a");
        runtime.advance(Duration.ofMillis(5));
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void backOffHasAnEnd() {
        BackOff<String> backOff = new BackOff<>(BackOff.Limits.DEFAULT, runtime);
        Duration last = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            runtime.advance(Duration.ofSeconds(1));
            last = backOff.next("a");
        }
        assertThat(last).isEqualTo(Duration.ofSeconds(1000));
    }

    @Test
    void manyKeysShareABucket() {
        BackOff<Integer> backOff = new BackOff<>(BackOff.Limits.DEFAULT, runtime);
        for (int i = 0; i < 100; i++) {
            assertThat(backOff.next(i)).isEqualTo(Duration.ofMillis(5));
        }
        assertThat(backOff.next(100)).isEqualTo(Duration.ofMillis(100));
        assertThat(backOff.next(101)).isEqualTo(Duration.ofMillis(200));
        runtime.advance(Duration.ofSeconds(1));
        assertThat(backOff.next(102)).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void aTakerIsWokenByAddAndByClose() throws Exception {
        CompletableFuture<String> first = CompletableFuture.supplyAsync(this::take);
        queue.add("a");
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("a");
        CompletableFuture<String> second = CompletableFuture.supplyAsync(this::take);
        queue.close();
        assertThat(second.get(60, TimeUnit.SECONDS)).isNull();
        queue.add("b");
        queue.addAfter("c", Duration.ofSeconds(1));
        assertThat(queue.size()).isZero();
        assertThat(runtime.waiting()).isZero();
    }

    @Test
    void isBounded() {
        for (int i = 0; i < 1000; i++) {
            queue.add("key" + i);
        }
        queue.add("key0");
        assertThatThrownBy(() -> queue.add("one more")).hasMessageContaining("1000 keys");
    }

    @Test
    void countsUnderUpstreamsNames() throws Exception {
        queue.add("a");
        queue.addWithBackOff("b");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.write(text);
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("workqueue_depth{name=\"test\"} 1.0")
                .contains("workqueue_adds_total{name=\"test\"} 1.0")
                .contains("workqueue_retries_total{name=\"test\"} 1.0");
    }

    private String take() {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
