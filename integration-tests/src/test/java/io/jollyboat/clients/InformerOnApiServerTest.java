package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An informer follows every change, whatever happens to the API server. */
class InformerOnApiServerTest {
    private static final ResourceType<ConfigMap> MAPS = Kinds.of(ConfigMap.class);

    private final Map<ObjectKey, ConfigMap> told = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<String> faults = new CopyOnWriteArrayList<>();

    /** Keeps a copy by the events alone; notes events that do not follow from those before. */
    private void follow(ConfigMap before, ConfigMap after) {
        ObjectKey key = MAPS.key(after == null ? before : after);
        ConfigMap known = told.get(key);
        if (before == null ? known != null : known == null) {
            faults.add(key + ": " + (known == null ? "unknown" : "known already"));
        }
        if (before != null && after != null && version(after) <= version(known)) {
            faults.add(key + ": told twice or backwards");
        }
        if (after == null) {
            told.remove(key);
        } else {
            told.put(key, after);
        }
    }

    private static long version(ConfigMap map) {
        return Long.parseLong(map.getMetadata().getResourceVersion());
    }

    @Test
    void nothingIsLostOrToldTwiceAcrossRestarts() throws Exception {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                SharedInformers informers = new SharedInformers(server.adminClient(), SystemRuntime.instance())) {
            ApiClient writer = server.adminClient();
            Informer<ConfigMap> maps = informers.of(MAPS);
            maps.addHandler(this::follow);
            informers.start();
            assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
            for (int i = 0; i < 240; i++) {
                if (i % 80 == 40) {
                    server.restart();
                }
                ObjectKey key = ObjectKey.of("default", "map-" + i % 30);
                change(writer, key, i);
            }
            Map<ObjectKey, Long> truth = versions(writer);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(versionsOf(told)).isEqualTo(truth);
                assertThat(maps.list()).hasSize(truth.size());
            });
            assertThat(faults).isEmpty();
        }
    }

    private static void change(ApiClient writer, ObjectKey key, int step) {
        ConfigMap present = patiently(() -> {
            try {
                return writer.get(MAPS, key);
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return ConfigMap.getDefaultInstance();
                }
                throw e;
            }
        });
        if (!present.hasMetadata()) {
            patiently(() -> writer.create(
                    MAPS,
                    ConfigMap.newBuilder()
                            .setMetadata(ObjectMeta.newBuilder()
                                    .setNamespace(key.namespace())
                                    .setName(key.name()))
                            .build()));
        } else if (step % 7 == 0) {
            patiently(() -> {
                writer.delete(MAPS, key, DeleteOptions.getDefaultInstance());
                return present;
            });
        } else {
            patiently(() -> writer.update(
                    MAPS,
                    present.toBuilder().putData("step", Integer.toString(step)).build()));
        }
    }

    /** Repeats what fails while the server is away. */
    private static ConfigMap patiently(Supplier<ConfigMap> call) {
        return await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(e -> e instanceof ApiException api && api.code() >= 500)
                .until(call::get, map -> true);
    }

    private static Map<ObjectKey, Long> versions(ApiClient client) {
        return client.list(MAPS, "", Selection.ALL).items().stream()
                .collect(Collectors.toMap(MAPS::key, InformerOnApiServerTest::version));
    }

    private static Map<ObjectKey, Long> versionsOf(Map<ObjectKey, ConfigMap> maps) {
        Map<ObjectKey, Long> versions = new HashMap<>();
        maps.forEach((key, map) -> versions.put(key, version(map)));
        return versions;
    }
}
