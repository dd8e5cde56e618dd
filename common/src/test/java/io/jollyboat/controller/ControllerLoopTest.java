package io.jollyboat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerLoopTest {
    private static final ObjectKey A = ObjectKey.of("ns", "a");

    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final AtomicInteger calls = new AtomicInteger();
    private ControllerLoop loop;

    @AfterEach
    void close() {
        loop.close();
    }

    private void start(Reconciler reconciler) {
        loop = new ControllerLoop("test", reconciler, LoopConfig.DEFAULT, runtime, new Metrics());
        loop.start(List.of());
    }

    private void awaitCalls(int count) {
        await().untilAsserted(() -> assertThat(calls.get()).isEqualTo(count));
    }

    @Test
    void aFailureIsRetriedUntilItSucceeds() {
        start(key -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return Outcome.done();
        });
        loop.add(A);
        awaitCalls(1);
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofMillis(5));
        awaitCalls(2);
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofMillis(10));
        awaitCalls(3);
        await().until(() -> runtime.waiting() == 0);
    }

    @Test
    void aKeyMayAskToBeSeenLater() {
        start(key -> {
            calls.incrementAndGet();
            return Outcome.after(Duration.ofMinutes(1));
        });
        loop.add(A);
        awaitCalls(1);
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofSeconds(59));
        assertThat(calls).hasValue(1);
        runtime.advance(Duration.ofSeconds(1));
        awaitCalls(2);
    }

    @Test
    void aTerminalOutcomeIsNotRetried() {
        start(key -> {
            calls.incrementAndGet();
            return new Outcome.Terminal("selector is empty");
        });
        loop.add(A);
        awaitCalls(1);
        await().until(() -> runtime.waiting() == 0);
        runtime.advance(Duration.ofHours(1));
        assertThat(calls).hasValue(1);
        loop.add(A);
        awaitCalls(2);
    }

    @Test
    void aReconciliationThatHangsIsInterruptedAndRetried() {
        start(key -> {
            if (calls.incrementAndGet() == 1) {
                new CountDownLatch(1).await();
            }
            return Outcome.done();
        });
        loop.add(A);
        awaitCalls(1);
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(LoopConfig.DEFAULT.timeout());
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(Duration.ofMillis(5));
        awaitCalls(2);
    }

    @Test
    void neverTwoAtOnceForOneKey() {
        AtomicInteger runningA = new AtomicInteger();
        AtomicInteger mostA = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        start(key -> {
            if (key.equals(A)) {
                mostA.accumulateAndGet(runningA.incrementAndGet(), Math::max);
                release.await();
                runningA.decrementAndGet();
            }
            calls.incrementAndGet();
            return Outcome.done();
        });
        loop.add(A);
        await().until(() -> runningA.get() == 1);
        loop.add(A);
        for (int i = 0; i < 10; i++) {
            loop.add(ObjectKey.of("ns", "k" + i));
        }
        // The others pass while A is held up.
        awaitCalls(10);
        release.countDown();
        awaitCalls(12);
        assertThat(mostA).hasValue(1);
    }

    @Test
    void closeInterruptsWhatRunsAndBeginsNothing() {
        AtomicBoolean interrupted = new AtomicBoolean();
        start(key -> {
            calls.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return Outcome.done();
        });
        loop.add(A);
        awaitCalls(1);
        loop.close();
        assertThat(interrupted).isTrue();
        loop.add(ObjectKey.of("ns", "b"));
        assertThat(loop.backlog()).isZero();
        assertThat(calls).hasValue(1);
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
