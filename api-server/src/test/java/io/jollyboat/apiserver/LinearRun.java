package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients that write, read, list and watch a few objects all at once through any number of servers, while a test makes
 * the store misbehave; at the end everything they were told is compared with what the store says happened.
 *
 * @param servers on one store
 * @param truth the store, past all faults
 */
record LinearRun(Runtime runtime, List<EmbeddedApiServer> servers, KeyValueStore truth, long seed) {
    static final String MAPS = "/api/v1/namespaces/default/configmaps";
    static final String PREFIX = "/registry/configmaps/default/k";
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int CLIENTS = 4;
    private static final int WATCHERS = 3;
    private static final int KEYS = 3;

    /** What happened in a run, so that a test can tell that its faults were felt. */
    record Summary(long refused, long unknown, int writes, int events) {}

    /** @param faults runs beside the clients, until it is over or they are */
    Summary run(int operations, Runnable begin, Runnable faults, Runnable end) {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            return run(operations, begin, faults, end, open);
        } finally {
            open.reversed().forEach(LinearRun::close);
        }
    }

    private Summary run(int operations, Runnable begin, Runnable faults, Runnable end, List<AutoCloseable> open) {
        List<RestClient> clients = new ArrayList<>();
        for (EmbeddedApiServer server : servers) {
            clients.add(RestClient.admin(server));
        }
        open.addAll(clients);
        long begun = truth.currentRevision().join();
        List<FollowingWatch> watches = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            watches.add(FollowingWatch.start(servers.get(i % servers.size()), MAPS, runtime));
        }
        open.addAll(watches);
        Informer<ConfigMap> informer = informer(open);
        begin.run();
        LinearHistory history = new LinearHistory(() -> truth.currentRevision().join());
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(clients, new Random(seed + i), "c" + i, history);
            threads.add(runtime.start("client", () -> {
                try {
                    client.work(operations);
                } catch (RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        Thread meanwhile = runtime.start("faults", faults);
        threads.forEach(LinearRun::join);
        meanwhile.interrupt();
        join(meanwhile);
        end.run();
        assertThat(failures).isEmpty();
        return compared(history, begun, watches, informer, clients);
    }

    private Informer<ConfigMap> informer(List<AutoCloseable> open) {
        GrpcApiClient grpc = servers.getFirst().adminClient();
        open.add(grpc);
        SharedInformers informers = new SharedInformers(grpc, runtime);
        open.add(informers);
        Informer<ConfigMap> informer = informers.of(Kinds.of(ConfigMap.class));
        informers.start();
        return informer;
    }

    private Summary compared(
            LinearHistory history,
            long begun,
            List<FollowingWatch> watches,
            Informer<ConfigMap> informer,
            List<RestClient> clients) {
        // After this one nothing is on its way any more that began before.
        await().atMost(DEADLINE)
                .until(() ->
                        clients.getFirst().post(MAPS, body("end", "end", 0)).code() == 201);
        long last = LinearHistory.revision(clients.getFirst().get(MAPS + "/end").json());
        await().atMost(DEADLINE).until(() -> watches.stream().allMatch(watch -> watch.hasReached(last)));
        StoredHistory stored = StoredHistory.read(truth, PREFIX, begun);
        history.check(stored);
        int events = 0;
        for (FollowingWatch watch : watches) {
            events += watch.check(stored);
        }
        List<String> now = LinearHistory.shown(stored.at(Long.MAX_VALUE));
        for (RestClient client : clients) {
            assertThat(LinearHistory.shown(client.get(MAPS).json().path("items")))
                    .isEqualTo(now);
            await().atMost(DEADLINE)
                    .until(() -> LinearHistory.shown(client.get(MAPS + "?resourceVersion=0")
                                    .json()
                                    .path("items"))
                            .equals(now));
        }
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(shown(informer)).isEqualTo(now));
        assertThat(clients.getFirst().delete(MAPS + "/end").code()).isEqualTo(200);
        return new Summary(
                history.count(503), history.count(500, 504), stored.writes().size(), events);
    }

    private static List<String> shown(Informer<ConfigMap> informer) {
        return informer.list("default").stream()
                .map(ConfigMap::getMetadata)
                .filter(meta -> meta.getName().startsWith("k") && meta.containsLabels("linear"))
                .map(meta -> meta.getName() + "=" + meta.getLabelsOrThrow("linear") + "@" + meta.getResourceVersion())
                .sorted()
                .toList();
    }

    /** One client, which asks one server after the other. */
    private record Client(List<RestClient> doors, Random random, String name, LinearHistory history) {
        void work(int operations) {
            for (int i = 0; i < operations; i++) {
                one(doors.get(random.nextInt(doors.size())), "k" + random.nextInt(KEYS), name + "-" + i);
            }
        }

        private void one(RestClient door, String key, String value) {
            LinearHistory.Begun begun = history.begin(key);
            String path = MAPS + "/" + key;
            switch (random.nextInt(10)) {
                case 0, 1 -> begun.written(value, 0, door.post(MAPS, body(key, value, 0)));
                case 2 -> begun.deleted(-1, door.delete(path));
                case 3 -> begun.read(door.get(path));
                case 4 -> begun.listed(true, door.get(MAPS));
                case 5 -> begun.listed(false, door.get(MAPS + "?resourceVersion=0"));
                case 6 ->
                    begun.written(
                            value, -1, door.patch(path, "{\"metadata\":{\"labels\":{\"linear\":\"" + value + "\"}}}"));
                case 7 -> begun.written(value, -1, apply(door, path, body(key, value, 0)));
                default -> readAndWrite(begun, door, path, key, value);
            }
        }

        private void readAndWrite(LinearHistory.Begun reading, RestClient door, String path, String key, String value) {
            Answer seen = door.get(path);
            reading.read(seen);
            if (seen.code() != 200) {
                return;
            }
            long version = LinearHistory.revision(seen.json());
            RestClient other = doors.get(random.nextInt(doors.size()));
            LinearHistory.Begun begun = history.begin(key);
            if (random.nextInt(4) == 0) {
                String only = "{\"preconditions\":{\"resourceVersion\":\"" + version + "\"}}";
                begun.deleted(version, send(other, "DELETE", path, "application/json", only));
            } else {
                begun.written(value, version, other.put(path, body(key, value, version)));
            }
        }

        private static Answer apply(RestClient door, String path, String body) {
            return send(door, "PATCH", path + "?fieldManager=linear&force=true", "application/apply-patch+yaml", body);
        }

        private static Answer send(RestClient door, String method, String path, String type, String body) {
            return door.send(method, path, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String body(String key, String value, long version) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + key
                + "\",\"labels\":{\"linear\":\"" + value + "\"}"
                + (version == 0 ? "" : ",\"resourceVersion\":\"" + version + "\"") + "}}";
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
