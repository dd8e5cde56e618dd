package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that create one object after the other under generated names, and keep what they were told of each. */
final class OutageWriters {
    /** As a patient client: refusals come at once. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final RestClient client;
    private final String collection;
    private final Runtime runtime;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, Result> results = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** What a client knows of its write. */
    enum Outcome {
        CREATED,
        /** 503: the server is sure that nothing was written. */
        REFUSED,
        /** 500, 504: it may have happened. */
        UNKNOWN
    }

    private record Result(Outcome outcome, String name, Answer answer) {}

    OutageWriters(RestClient client, String collection, Runtime runtime) {
        this.client = client;
        this.collection = collection;
        this.runtime = runtime;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            threads.add(runtime.start("writer", () -> {
                try {
                    while (!stopped) {
                        write(Integer.toString(next.getAndIncrement()));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
    }

    private void write(String operation) throws InterruptedException {
        Answer answer = client.post(
                collection, "{\"metadata\":{\"generateName\":\"outage-\",\"labels\":{\"op\":\"" + operation + "\"}}}");
        Outcome outcome = switch (answer.code()) {
            case 201 -> Outcome.CREATED;
            case 503 -> Outcome.REFUSED;
            case 500, 504 -> Outcome.UNKNOWN;
            default -> throw new AssertionError(answer.code() + " " + answer.text());
        };
        String name = outcome == Outcome.CREATED
                ? answer.json().path("metadata").path("name").asString()
                : "";
        results.put(operation, new Result(outcome, name, answer));
        if (outcome != Outcome.CREATED) {
            runtime.sleep(PAUSE);
        }
    }

    int count(Outcome outcome) {
        return (int) results.values().stream()
                .filter(result -> result.outcome == outcome)
                .count();
    }

    int failed() {
        return count(Outcome.REFUSED) + count(Outcome.UNKNOWN);
    }

    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        assertThat(results).as("every writer lived to the end").hasSize(next.get());
    }

    /** @param stored the operation of each object, by name */
    void check(Map<String, String> stored) {
        results.forEach((operation, result) -> {
            List<String> names = stored.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(operation))
                    .map(Map.Entry::getKey)
                    .toList();
            switch (result.outcome) {
                case CREATED -> assertThat(names).as("operation %s", operation).containsExactly(result.name);
                case REFUSED ->
                    assertThat(names)
                            .as("operation %s: %s", operation, result.answer)
                            .isEmpty();
                case UNKNOWN ->
                    assertThat(names)
                            .as("operation %s: %s", operation, result.answer)
                            .hasSizeLessThan(2);
            }
        });
    }
}
