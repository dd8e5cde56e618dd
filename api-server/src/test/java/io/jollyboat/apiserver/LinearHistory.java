package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** What clients asked and were told, and whether it fits the order of writes that the store has. Thread-safe. */
final class LinearHistory {
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
    /** The newest revision that any client was told of. */
    private final AtomicLong newest = new AtomicLong();

    /** A write of the store; an empty value is a deletion. */
    record Write(long revision, String key, String value) {}

    private enum What {
        READ,
        WRITE,
        DELETE
    }

    /**
     * @param since no answer to this can be older
     * @param replaced the version that the write asked for, 0 for none
     * @param revision that was answered, 0 for none
     */
    private record Told(What what, String key, long since, String value, long replaced, int code, long revision) {}

    /** An operation that was sent. */
    record Begun(LinearHistory history, String key, long since) {
        void written(String value, long replaced, Answer answer) {
            assertThat(answer.code()).as(answer.text()).isIn(200, 201, 404, 409, 500, 503, 504);
            history.add(new Told(What.WRITE, key, since, value, replaced, answer.code(), revisionOf(answer)));
        }

        void deleted(Answer answer) {
            assertThat(answer.code()).as(answer.text()).isIn(200, 404, 409, 500, 503, 504);
            history.add(new Told(What.DELETE, key, since, "", 0, answer.code(), 0));
        }

        void read(Answer answer) {
            assertThat(answer.code()).as(answer.text()).isIn(200, 404);
            String value = answer.code() == 200 ? label(answer.json()) : "";
            history.add(new Told(What.READ, key, since, value, 0, answer.code(), revisionOf(answer)));
        }

        private static long revisionOf(Answer answer) {
            return answer.code() <= 201 ? revision(answer.json()) : 0;
        }
    }

    Begun begin(String key) {
        return new Begun(this, key, newest.get());
    }

    private void add(Told one) {
        newest.accumulateAndGet(one.revision, Math::max);
        told.add(one);
    }

    static long revision(JsonNode object) {
        return Long.parseLong(object.path("metadata").path("resourceVersion").asString("0"));
    }

    static String value(JsonNode event) {
        return label(event.path("object"));
    }

    private static String label(JsonNode object) {
        return object.path("metadata").path("labels").path("linear").asString("");
    }

    /** @param events of a watch from the beginning on; the last one only ends it */
    void check(List<Write> writes, List<JsonNode> events) {
        for (Told one : told) {
            switch (one.what) {
                case READ -> read(one, writes);
                case WRITE -> written(one, writes);
                case DELETE -> {}
            }
        }
        List<String> seen = new ArrayList<>();
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            boolean deleted = event.path("type").asString().equals("DELETED");
            seen.add(revision(event.path("object")) + " "
                    + event.path("object").path("metadata").path("name").asString() + "="
                    + (deleted ? "" : value(event)));
        }
        assertThat(seen)
                .as("the watch tells of each write once and in order")
                .isEqualTo(writes.stream()
                        .map(write -> write.revision + " " + write.key + "=" + write.value)
                        .toList());
    }

    private static void written(Told one, List<Write> writes) {
        List<Write> found = writes.stream()
                .filter(write -> write.key.equals(one.key) && write.value.equals(one.value))
                .toList();
        switch (one.code) {
            case 200, 201 -> {
                assertThat(found).as("written once: %s", one).hasSize(1);
                assertThat(found.getFirst().revision)
                        .as("%s", one)
                        .isEqualTo(one.revision)
                        .isGreaterThan(one.since);
            }
            case 500, 504 ->
                assertThat(found).as("written once at most: %s", one).hasSizeLessThan(2);
            default -> assertThat(found).as("refused: %s", one).isEmpty();
        }
        for (Write write : found) {
            assertThat(before(writes, write))
                    .as("what the write replaced: %s", one)
                    .isEqualTo(one.replaced);
        }
    }

    /** The version of the key before a write, 0 where there was none. */
    private static long before(List<Write> writes, Write write) {
        long last = 0;
        for (Write earlier : writes) {
            if (earlier.revision < write.revision && earlier.key.equals(write.key)) {
                last = earlier.value.isEmpty() ? 0 : earlier.revision;
            }
        }
        return last;
    }

    /** The state is one that the key had when the newest known write had happened, or later. */
    private static void read(Told one, List<Write> writes) {
        TreeMap<Long, Long> versions = new TreeMap<>(Map.of(0L, 0L));
        for (Write write : writes) {
            if (write.key.equals(one.key)) {
                versions.put(write.revision, write.value.isEmpty() ? 0L : write.revision);
            }
        }
        long from = versions.floorKey(one.since);
        assertThat(versions.tailMap(from, true).values())
                .as("read no older state: %s", one)
                .contains(one.revision);
        if (one.revision > 0) {
            assertThat(writes).contains(new Write(one.revision, one.key, one.value));
        }
    }
}
