package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.StoredHistory.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * What clients asked and were told, and whether it fits the order of writes that the store has: every answer must be
 * one that the store could have given at some moment between question and answer. Thread-safe.
 */
final class LinearHistory {
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
    private final LongSupplier storeRevision;

    /** @param storeRevision the store's revision at the moment, past all faults */
    LinearHistory(LongSupplier storeRevision) {
        this.storeRevision = storeRevision;
    }

    /**
     * A question, its answer, and the store's revisions before and after.
     *
     * @param check what the answer claims
     */
    private record Told(String what, long since, long until, Answer answer, Claim check) {}

    /** Compares an answer with what was stored. */
    private interface Claim {
        void check(Told told, StoredHistory stored);
    }

    /** An operation that was sent. */
    record Begun(LinearHistory history, String key, long since) {
        /** @param replaced the version that the client asked to replace, 0 for none, negative for any */
        void written(String value, long replaced, Answer answer) {
            end("write " + value, answer, List.of(200, 201, 404, 409), (one, stored) -> {
                List<Write> found = stored.writes().stream()
                        .filter(write ->
                                write.key().equals(key) && write.value().equals(value))
                        .toList();
                LinearHistory.written(one, found);
                found.forEach(write -> {
                    if (replaced >= 0) {
                        assertThat(write.replaced())
                                .as("what it replaced: %s", one)
                                .isEqualTo(replaced);
                    }
                });
                List<Long> versions = stored.versions(key, one.since, one.until);
                switch (one.answer.code()) {
                    case 404 -> assertThat(versions).as("absent: %s", one).contains(0L);
                    case 409 ->
                        assertThat(versions).as("something else: %s", one).anyMatch(version -> version != replaced);
                    default -> {}
                }
            });
        }

        /** @param version the one that the client asked to delete, negative for any */
        void deleted(long version, Answer answer) {
            end("delete " + key, answer, List.of(200, 404, 409), (one, stored) -> {
                List<Long> versions = stored.versions(key, one.since, one.until);
                switch (one.answer.code()) {
                    case 200 -> {
                        String uid =
                                one.answer.json().path("details").path("uid").asString();
                        assertThat(stored.between(one.since, one.until))
                                .as("deleted what it says: %s", one)
                                .anyMatch(write -> write.value().isEmpty()
                                        && write.uid().equals(uid)
                                        && (version < 0 || write.replaced() == version));
                    }
                    case 404 -> assertThat(versions).as("absent: %s", one).contains(0L);
                    case 409 ->
                        assertThat(versions).as("something else: %s", one).anyMatch(seen -> seen != version);
                    default -> {}
                }
            });
        }

        void read(Answer answer) {
            end("get " + key, answer, List.of(200, 404), (one, stored) -> {
                if (one.answer.code() > 404) {
                    return;
                }
                JsonNode object = one.answer.json();
                long revision = one.answer.code() == 200 ? revision(object) : 0;
                assertThat(stored.versions(key, one.since, one.until))
                        .as("the state of then: %s", one)
                        .contains(revision);
                if (revision > 0) {
                    assertThat(stored.at(revision).get(key).value())
                            .as("%s", one)
                            .isEqualTo(label(object));
                }
            });
        }

        /** @param consistent whether nothing older than the question will do */
        void listed(boolean consistent, Answer answer) {
            end("list", answer, List.of(200, 410), (one, stored) -> {
                if (one.answer.code() != 200) {
                    return;
                }
                long revision = revision(one.answer.json());
                assertThat(revision).as("%s", one).isLessThanOrEqualTo(one.until);
                if (consistent) {
                    assertThat(revision).as("%s", one).isGreaterThanOrEqualTo(one.since);
                }
                assertThat(shown(one.answer.json().path("items")))
                        .as("the state at the list's revision: %s", one)
                        .isEqualTo(shown(stored.at(revision)));
            });
        }

        private void end(String what, Answer answer, List<Integer> codes, Claim check) {
            assertThat(codes.contains(answer.code())
                            || List.of(429, 500, 503, 504).contains(answer.code()))
                    .as("%s: %s", answer.code(), answer.text())
                    .isTrue();
            history.told.add(new Told(what, since, history.storeRevision.getAsLong(), answer, check));
        }
    }

    Begun begin(String key) {
        return new Begun(this, key, storeRevision.getAsLong());
    }

    /** How many were answered with one of the codes. */
    long count(Integer... codes) {
        return told.stream()
                .filter(one -> List.of(codes).contains(one.answer.code()))
                .count();
    }

    void check(StoredHistory stored) {
        told.forEach(one -> one.check.check(one, stored));
        List<String> deletions = told.stream()
                .filter(one -> one.what.startsWith("delete") && one.answer.code() == 200)
                .map(one -> one.answer.json().path("details").path("uid").asString())
                .toList();
        assertThat(deletions).as("nothing is deleted twice").doesNotHaveDuplicates();
    }

    private static void written(Told one, List<Write> found) {
        switch (one.answer.code()) {
            case 200, 201 -> {
                assertThat(found).as("written once: %s", one).hasSize(1);
                assertThat(found.getFirst().revision())
                        .as("%s", one)
                        .isEqualTo(revision(one.answer.json()))
                        .isGreaterThan(one.since)
                        .isLessThanOrEqualTo(one.until);
            }
            case 500, 504 ->
                assertThat(found).as("written once at most: %s", one).hasSizeLessThan(2);
            default -> assertThat(found).as("refused: %s", one).isEmpty();
        }
    }

    static long revision(JsonNode object) {
        return Long.parseLong(object.path("metadata").path("resourceVersion").asString("0"));
    }

    static String label(JsonNode object) {
        return object.path("metadata").path("labels").path("linear").asString("");
    }

    /** Such as {@code k1=c2-7@123}, in order; what a test writes beside its keys is left out. */
    static List<String> shown(JsonNode items) {
        List<String> shown = new ArrayList<>();
        for (JsonNode item : items) {
            String name = item.path("metadata").path("name").asString();
            if (name.startsWith("k") && !label(item).isEmpty()) {
                shown.add(name + "=" + label(item) + "@" + revision(item));
            }
        }
        return shown;
    }

    static List<String> shown(Map<String, Write> state) {
        return new TreeMap<>(state)
                .values().stream()
                        .map(write -> write.key() + "=" + write.value() + "@" + write.revision())
                        .toList();
    }
}
