package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadClient;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** When each pod of our namespace was first seen in a state, by a watch. */
final class PodEvents implements AutoCloseable {
    private final Map<String, Long> seenAtNanos = new ConcurrentHashMap<>();
    private final CountDownLatch all;
    private final Predicate<String> state;
    private final LoadClient.Watch watch;

    /**
     * @param expected how many pods must get there
     * @param state looks at an event's JSON
     */
    PodEvents(Bench bench, int expected, Predicate<String> state) throws IOException {
        this.all = new CountDownLatch(expected);
        this.state = state;
        this.watch = bench.client()
                .watch(bench.requests().get(bench.path("pods") + "?watch=1&resourceVersion=0"), this::event);
    }

    /** A pod that all its containers run in. */
    static boolean running(String event) {
        return JsonText.has(event, "phase", "Running");
    }

    static boolean deleted(String event) {
        return JsonText.has(event, "type", "DELETED");
    }

    static boolean bound(String event) {
        return event.contains("\"nodeName\":\"") || event.contains("\"nodeName\": \"");
    }

    private void event(ByteBuf line) {
        long now = System.nanoTime();
        String json = line.toString(StandardCharsets.UTF_8);
        if (state.test(json)) {
            JsonText.string(json, "name").ifPresent(name -> {
                if (seenAtNanos.putIfAbsent(name, now) == null) {
                    all.countDown();
                }
            });
        }
    }

    /** IllegalStateException when they do not get there in time. */
    void await(String what, long seconds) {
        try {
            if (!all.await(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        what + ": " + all.getCount() + " pods are not there after " + seconds + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** When the last one got there. */
    long lastNanos() {
        return seenAtNanos.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** When the first one got there. */
    long firstNanos() {
        return seenAtNanos.values().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    @Override
    public void close() {
        watch.close();
    }
}
