package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.apiserver.storage.FaultyWire;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A real etcd behind a wire that fails in the middle of writes: the client is told that nobody knows, no write happens
 * twice, and what clients, watches and caches know agrees with etcd afterwards.
 */
class EtcdWireTest {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final String MAPS = LinearRun.MAPS;
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    private EtcdFixture etcd;
    private KeyValueStore truth;
    private FaultyWire wire;
    private EmbeddedApiServer server;
    private RestClient client;

    @BeforeEach
    void start() {
        etcd = EtcdFixture.tls();
        truth = etcd.open();
        wire = FaultyWire.to(etcd.config().endpoints().getFirst());
        server = server(wire);
        client = RestClient.admin(server);
    }

    private EmbeddedApiServer server(FaultyWire along) {
        return EmbeddedApiServer.start(RUNTIME, EtcdStore.open(along.along(etcd.config(), REQUEST_TIMEOUT), RUNTIME));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        wire.close();
        truth.close();
        etcd.close();
    }

    /** What became of a write whose answer was lost. */
    private Answer lost(Runnable hold, Supplier<Answer> write) {
        long revision = truth.currentRevision().join();
        hold.run();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RUNTIME.start("write", () -> answer.complete(write.get()));
        if (!holdsRequests) {
            await().atMost(DEADLINE).until(() -> truth.currentRevision().join() > revision);
            wire.breakNow();
        }
        Answer told = answer.join();
        wire.breakNow();
        wire.heal();
        assertThat(told.code()).as(told.text()).isIn(500, 504);
        assertThat(told.json().path("kind").asString()).isEqualTo("Status");
        assertThat(told.message())
                .containsAnyOf("rpc error: code = Unavailable", "request did not complete within requested timeout");
        await().atMost(DEADLINE).until(() -> client.get(MAPS).code() == 200);
        return told;
    }

    private boolean holdsRequests;

    private Answer answerLost(Supplier<Answer> write) {
        holdsRequests = false;
        return lost(wire::holdAnswers, write);
    }

    private Answer requestLost(Supplier<Answer> write) {
        holdsRequests = true;
        return lost(wire::holdRequests, write);
    }

    @Test
    void aWriteWhoseAnswerIsLostHasHappenedOnce() {
        long begun = LinearHistory.revision(client.get(MAPS).json());
        answerLost(() -> client.post(MAPS, LinearRun.body("k1", "created", 0)));
        Answer again = client.post(MAPS, LinearRun.body("k1", "again", 0));
        assertThat(again.json().path("reason").asString()).isEqualTo("AlreadyExists");
        long version = LinearHistory.revision(client.get(MAPS + "/k1").json());

        answerLost(() -> client.put(MAPS + "/k1", LinearRun.body("k1", "updated", version)));
        Answer stale = client.put(MAPS + "/k1", LinearRun.body("k1", "stale", version));
        assertThat(stale.json().path("reason").asString()).isEqualTo("Conflict");
        answerLost(() -> client.patch(MAPS + "/k1", "{\"metadata\":{\"labels\":{\"linear\":\"patched\"}}}"));
        assertThat(LinearHistory.label(client.get(MAPS + "/k1").json())).isEqualTo("patched");

        answerLost(() -> client.delete(MAPS + "/k1"));
        assertThat(client.delete(MAPS + "/k1").code()).isEqualTo(404);
        assertThat(StoredHistory.read(truth, LinearRun.PREFIX, begun).writes())
                .extracting(StoredHistory.Write::value)
                .containsExactly("created", "updated", "patched", "");
        assertThat(server.isReady()).isTrue();
    }

    @Test
    void aWriteThatNeverArrivedMayBeTriedAgain() {
        long begun = LinearHistory.revision(client.get(MAPS).json());
        requestLost(() -> client.post(MAPS, LinearRun.body("k1", "lost", 0)));
        assertThat(client.get(MAPS + "/k1").code()).isEqualTo(404);
        Answer created = client.post(MAPS, LinearRun.body("k1", "created", 0));
        assertThat(created.code()).isEqualTo(201);
        long version = LinearHistory.revision(created.json());
        requestLost(() -> client.put(MAPS + "/k1", LinearRun.body("k1", "lost too", version)));
        assertThat(client.put(MAPS + "/k1", LinearRun.body("k1", "updated", version))
                        .code())
                .isEqualTo(200);
        assertThat(StoredHistory.read(truth, LinearRun.PREFIX, begun).writes())
                .extracting(StoredHistory.Write::value)
                .containsExactly("created", "updated");
    }

    /** It was given up by everybody but the wire, which delivers it then. */
    @Test
    void aWriteThatArrivesLateHappensOnceOrNever() {
        long begun = LinearHistory.revision(client.get(MAPS).json());
        FollowingWatch watch = FollowingWatch.start(server, MAPS, RUNTIME);
        try (watch) {
            wire.holdRequests();
            Answer told = client.post(MAPS, LinearRun.body("k1", "late", 0));
            assertThat(told.code()).as(told.text()).isEqualTo(504);
            assertThat(told.json().path("reason").asString()).isEqualTo("Timeout");
            wire.heal();
            await().atMost(DEADLINE).until(() -> client.get(MAPS).code() == 200);
            Answer again = client.post(MAPS, LinearRun.body("k1", "again", 0));
            assertThat(again.code()).isIn(201, 409);
            Answer there = client.get(MAPS + "/k1");
            assertThat(LinearHistory.label(there.json())).isEqualTo(again.code() == 409 ? "late" : "again");
            await().atMost(DEADLINE).until(() -> watch.hasReached(LinearHistory.revision(there.json())));
            StoredHistory stored = StoredHistory.read(truth, LinearRun.PREFIX, begun);
            assertThat(stored.writes()).hasSize(1);
            watch.check(stored);
        }
    }

    /** Were its address given back, another Service would get it beside the one that was written after all. */
    @Test
    void aServiceThatMayHaveBeenWrittenKeepsItsAddress() {
        String wanted = "10.96.0.77";
        String body = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"type\":\"NodePort\",\"clusterIP\":\"" + wanted
                + "\",\"ports\":[{\"port\":80,\"nodePort\":30077}]}}";
        // The address and the port are written first; then the wire breaks.
        long begun = truth.currentRevision().join();
        Answer told = null;
        for (int bytes = 0; told == null; bytes += 40) {
            wire.breakAfter(bytes);
            Answer answer = client.post(SERVICES, body.formatted("first"));
            wire.heal();
            await().atMost(DEADLINE).until(() -> client.get(MAPS).code() == 200);
            boolean written = client.get(SERVICES + "/first").code() == 200;
            if (written) {
                told = answer;
            } else {
                assertThat(answer.code()).as(answer.text()).isIn(422, 500, 503, 504);
                if (answer.code() == 422) {
                    // Taken by an attempt that nobody knows the end of: repair would find it.
                    assertThat(answer.message()).contains("already allocated");
                    break;
                }
            }
        }
        assertThat(truth.currentRevision().join()).isGreaterThan(begun);
        Answer second = client.post(SERVICES, body.formatted("second"));
        assertThat(second.code()).as(second.text()).isEqualTo(422);
        long holders = 0;
        for (JsonNode service : client.get(SERVICES).json().path("items")) {
            holders += service.path("spec").path("clusterIP").asString().equals(wanted) ? 1 : 0;
        }
        assertThat(holders).isLessThan(2);
    }

    @Test
    void everyAnswerFitsWhatEtcdSaysHappened() {
        try (FaultyWire otherWire = FaultyWire.to(etcd.config().endpoints().getFirst());
                EmbeddedApiServer other = server(otherWire)) {
            Seeds.each(Integer.getInteger("jolly.wire.seeds", 1), random -> {
                long seed = random.nextLong();
                LinearRun.Summary seen = new LinearRun(RUNTIME, List.of(server, other), truth, seed)
                        .run(
                                Integer.getInteger("jolly.wire.operations", 60),
                                () -> {},
                                () -> storm(new Random(seed), List.of(wire, otherWire)),
                                () -> {
                                    wire.heal();
                                    otherWire.heal();
                                    await().atMost(DEADLINE)
                                            .until(() -> client.get(MAPS).code() == 200);
                                });
                // How many answers were lost is chance; that some were is what the other tests are for.
                assertThat(seen.writes()).isPositive();
            });
        }
    }

    /** One fault after the other, on one wire or the other, with a moment of peace between. */
    private static void storm(Random random, List<FaultyWire> wires) {
        try {
            while (true) {
                FaultyWire wire = wires.get(random.nextInt(wires.size()));
                switch (random.nextInt(6)) {
                    case 0 -> wire.holdAnswers();
                    case 1 -> wire.holdRequests();
                    case 2 -> wire.delay(Duration.ofMillis(20));
                    case 3 -> wire.breakAfter(random.nextInt(2_000));
                    case 4 -> wire.cut();
                    default -> wire.breakNow();
                }
                RUNTIME.sleep(Duration.ofMillis(10L + random.nextInt(100)));
                if (random.nextBoolean()) {
                    wire.breakNow();
                }
                if (random.nextInt(8) == 0) {
                    // Longer than a request may take.
                    RUNTIME.sleep(REQUEST_TIMEOUT);
                }
                wire.heal();
                RUNTIME.sleep(Duration.ofMillis(50L + random.nextInt(100)));
            }
        } catch (InterruptedException e) {
            // The clients are done.
        }
    }
}
