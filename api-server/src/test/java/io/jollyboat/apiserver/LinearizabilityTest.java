package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.FaultyStore.Flaw;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What several clients of several servers are told while the store loses answers of writes, before and after they happen
 * or long before, and ends its watches; {@code -Djolly.linear.seeds=N} for more runs.
 */
class LinearizabilityTest {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final int OPERATIONS = 40;
    private static final int LEAST_MILLIS = 100;
    private static final int MORE_MILLIS = 300;

    @Test
    void everyAnswerFitsTheOrderOfTheRevisions() {
        Seeds.each(Integer.getInteger("jolly.linear.seeds", 1), random -> {
            LinearRun.Summary seen = run(random.nextLong(), Flaw.NONE, 2);
            assertThat(seen.unknown()).as("outcomes that were unknown").isPositive();
            assertThat(seen.writes()).as("writes").isPositive();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "WRITES_TWICE, written once",
        "IGNORES_VERSIONS, what it replaced|deleted what it says",
        "LOSES_EVENTS, each write once|the state at the list's revision|the state of then"
    })
    void storesThatCheatAreNoticed(Flaw flaw, String how) {
        assertThatThrownBy(() -> Seeds.each(8, random -> run(random.nextLong(), flaw, 1)))
                .hasStackTraceContaining("Error")
                .satisfies(e -> assertThat(List.of(how.split("\\|")))
                        .as(e.getMessage())
                        .anyMatch(String.valueOf(e.getMessage())::contains));
    }

    private static LinearRun.Summary run(long seed, Flaw flaw, int servers) {
        try (KeyValueStore memory = new MemoryStore(RUNTIME)) {
            Random random = new Random(seed);
            FaultyStore store = new FaultyStore(new SharedStore(memory), RUNTIME, random, flaw);
            try (EmbeddedApiServer first = EmbeddedApiServer.start(RUNTIME, store);
                    EmbeddedApiServer second =
                            servers == 1 ? null : EmbeddedApiServer.start(RUNTIME, new SharedStore(store))) {
                List<EmbeddedApiServer> all = second == null ? List.of(first) : List.of(first, second);
                return new LinearRun(RUNTIME, all, memory, seed)
                        .run(
                                OPERATIONS,
                                store::start,
                                () -> endings(store, flaw == Flaw.NONE ? 2 : 0, new Random(seed)),
                                store::stop);
            }
        }
    }

    /** A few times all caches have to be filled anew. */
    private static void endings(FaultyStore store, int times, Random random) {
        try {
            for (int i = 0; i < times; i++) {
                RUNTIME.sleep(Duration.ofMillis(LEAST_MILLIS + random.nextInt(MORE_MILLIS)));
                store.endWatches();
            }
        } catch (InterruptedException e) {
            // The clients are done.
        }
    }
}
