package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.OutageWriters.Outcome;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * etcd away for a while, seen through both doors: requests fail with a Status, reads that any state will do for go on,
 * nothing that was acknowledged is lost, no write happens twice, watches and informers miss nothing.
 */
class OutageTest {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** A process waits ten seconds; a minute's outage is {@code -Djolly.outage.seconds=60}. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(Integer.getInteger("jolly.outage.timeout", 1));

    private static final Duration AT_LEAST = Duration.ofSeconds(Integer.getInteger("jolly.outage.seconds", 0));

    @Test
    void etcdHangs() {
        try (EtcdFixture etcd = EtcdFixture.tls()) {
            outage(etcd, etcd::pause, etcd::resume);
        }
    }

    @Test
    void etcdIsKilledAndComesBack() {
        try (EtcdFixture etcd = EtcdFixture.tls()) {
            outage(etcd, etcd::kill, etcd::restart);
        }
    }

    private static void outage(EtcdFixture etcd, Runnable begin, Runnable end) {
        EtcdConfig config = new EtcdConfig(etcd.config().endpoints(), etcd.tlsFiles(), REQUEST_TIMEOUT);
        try (EmbeddedApiServer server = EmbeddedApiServer.start(RUNTIME, EtcdStore.open(config, RUNTIME));
                RestClient client = RestClient.admin(server);
                GrpcApiClient grpc = server.adminClient();
                SharedInformers informers = new SharedInformers(grpc, RUNTIME)) {
            Informer<ConfigMap> informer = informers.of(Kinds.of(ConfigMap.class));
            informers.start();
            String begun = client.get(MAPS)
                    .json()
                    .path("metadata")
                    .path("resourceVersion")
                    .asString();
            List<JsonNode> events = new ArrayList<>();
            RestWatch watch = RestWatch.open(server, MAPS + "?watch=1&labelSelector=op&resourceVersion=" + begun);
            OutageWriters writers = new OutageWriters(client, MAPS, RUNTIME);
            writers.start(6);
            await().atMost(DEADLINE).until(() -> writers.count(Outcome.CREATED) >= 20);

            begin.run();
            long since = RUNTIME.nanoTime();
            try {
                refusals(client, server);
                int failedBefore = writers.failed();
                await().atMost(DEADLINE.plus(AT_LEAST))
                        .until(() -> writers.failed() >= failedBefore + 6
                                && RUNTIME.nanoTime() - since >= AT_LEAST.toNanos());
            } finally {
                end.run();
            }

            int before = writers.count(Outcome.CREATED);
            await().atMost(DEADLINE).until(() -> writers.count(Outcome.CREATED) >= before + 20);
            writers.stop();
            await().atMost(DEADLINE).until(() -> client.get("/readyz").code() == 200);
            assertThat(client.post(
                                    "/api/v1/namespaces/default/events",
                                    "{\"metadata\":{\"name\":\"after\"},\"involvedObject\":{\"namespace\":\"default\"}}")
                            .code())
                    .as("a lease is granted again")
                    .isEqualTo(201);

            Map<String, String> stored = stored(client);
            writers.check(stored);
            await().atMost(DEADLINE).untilAsserted(() -> {
                watch.drainTo(events);
                assertThat(events).hasSize(stored.size());
            });
            assertThat(events)
                    .extracting(event -> event.path("type").asString())
                    .containsOnly("ADDED");
            assertThat(events)
                    .extracting(event ->
                            event.path("object").path("metadata").path("name").asString())
                    .containsExactlyInAnyOrderElementsOf(stored.keySet());
            assertThat(events)
                    .extracting(event -> Long.parseLong(event.path("object")
                            .path("metadata")
                            .path("resourceVersion")
                            .asString()))
                    .isSorted();
            await().atMost(DEADLINE)
                    .untilAsserted(() -> assertThat(informer.list("default").stream()
                                    .map(map -> map.getMetadata().getName())
                                    .filter(stored::containsKey))
                            .containsExactlyInAnyOrderElementsOf(stored.keySet()));
            watch.close();
        }
    }

    /** What clients are told meanwhile. */
    private static void refusals(RestClient client, EmbeddedApiServer server) {
        await().atMost(DEADLINE).untilAsserted(() -> unavailable(client.get(MAPS)));
        unavailable(client.get(MAPS + "/absent"));
        unavailable(client.post(MAPS, "{\"metadata\":{\"name\":\"meanwhile\"}}"));
        unavailable(client.delete(MAPS + "/kube-root-ca.crt"));
        assertThat(client.get(MAPS + "?resourceVersion=0").code())
                .as("any state will do")
                .isEqualTo(200);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(client.get("/readyz").code()).isEqualTo(500));
        assertThat(server.isReady()).isFalse();
    }

    private static void unavailable(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isIn(500, 503, 504);
        assertThat(answer.json().path("kind").asString()).isEqualTo("Status");
        assertThat(answer.json().path("code").asInt()).isEqualTo(answer.code());
        assertThat(answer.message()).isNotEmpty();
    }

    /** The operation of each stored object, by name. */
    private static Map<String, String> stored(RestClient client) {
        Map<String, String> stored = new TreeMap<>();
        JsonNode items = client.get(MAPS + "?labelSelector=op").json().path("items");
        StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("metadata"))
                .forEach(meta -> stored.put(
                        meta.path("name").asString(),
                        meta.path("labels").path("op").asString()));
        return stored;
    }
}
