package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Clients that create, change, delete and read a few objects at once through the REST door while the store loses answers
 * of writes, before or after they happen. What each was told must fit the order in which the store's revisions put the
 * writes. A seed fixes what clients ask and what is lost, not how threads take turns. More seeds:
 * {@code -Djolly.linear.seeds=1000}.
 */
@Timeout(300)
class LinearizabilityTest {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int CLIENTS = 4;
    private static final int KEYS = 3;
    private static final int OPERATIONS = 40;

    @Test
    void everyAnswerFitsTheOrderOfTheRevisions() {
        Seeds.each(Integer.getInteger("jolly.linear.seeds", 2), random -> run(random.nextLong(), false));
    }

    @Test
    void writesThatHappenTwiceAreNoticed() {
        assertThatThrownBy(() -> Seeds.each(5, random -> run(random.nextLong(), true)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("written once");
    }

    private static void run(long seed, boolean twice) {
        FaultyStore store = new FaultyStore(new MemoryStore(RUNTIME), new Random(seed), twice);
        try (EmbeddedApiServer server = EmbeddedApiServer.start(RUNTIME, store);
                RestClient client = RestClient.admin(server)) {
            long begun = LinearHistory.revision(client.get(MAPS).json());
            RestWatch watch = RestWatch.open(server, MAPS + "?watch=1&labelSelector=linear&resourceVersion=" + begun);
            store.start();
            LinearHistory history = new LinearHistory();
            List<Thread> threads = new ArrayList<>();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed + i);
                String name = "c" + i;
                threads.add(RUNTIME.start(name, () -> {
                    try {
                        work(client, random, name, history);
                    } catch (RuntimeException | AssertionError e) {
                        failures.add(e);
                    }
                }));
            }
            threads.forEach(LinearizabilityTest::join);
            store.stop();
            assertThat(failures).isEmpty();
            assertThat(client.post(MAPS, body("end", "end", "")).code()).isEqualTo(201);
            List<JsonNode> events = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                watch.drainTo(events);
                return !events.isEmpty()
                        && LinearHistory.value(events.getLast()).equals("end");
            });
            watch.close();
            history.check(store.writes("/registry/configmaps/default/k", begun), events);
        }
    }

    private static void work(RestClient client, Random random, String name, LinearHistory history) {
        for (int i = 0; i < OPERATIONS; i++) {
            String key = "k" + random.nextInt(KEYS);
            String value = name + "-" + i;
            LinearHistory.Begun begun = history.begin(key);
            switch (random.nextInt(5)) {
                case 0 -> begun.written(value, 0, client.post(MAPS, body(key, value, "")));
                case 1 -> begun.deleted(client.delete(MAPS + "/" + key));
                case 2 -> begun.read(client.get(MAPS + "/" + key));
                default -> {
                    Answer seen = client.get(MAPS + "/" + key);
                    begun.read(seen);
                    if (seen.code() == 200) {
                        long version = LinearHistory.revision(seen.json());
                        history.begin(key)
                                .written(
                                        value,
                                        version,
                                        client.put(MAPS + "/" + key, body(key, value, Long.toString(version))));
                    }
                }
            }
        }
    }

    private static String body(String key, String value, String version) {
        return "{\"metadata\":{\"name\":\"" + key + "\",\"labels\":{\"linear\":\"" + value + "\"}"
                + (version.isEmpty() ? "" : ",\"resourceVersion\":\"" + version + "\"") + "}}";
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
