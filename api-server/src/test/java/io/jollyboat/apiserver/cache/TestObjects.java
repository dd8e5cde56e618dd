package io.jollyboat.apiserver.cache;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ConfigMaps in a storage of their own. */
final class TestObjects implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    final Metrics metrics = new Metrics();
    final ObjectStorages storages;
    final ObjectStorage maps;
    final ResourceCache cache;

    TestObjects(KeyValueStore store, Runtime runtime) {
        storages = new ObjectStorages(store, runtime, metrics);
        maps = storages.of(Kinds.of(ConfigMap.class));
        cache = maps.cache();
        storages.start();
        await().atMost(DEADLINE).until(cache::isLive);
    }

    Entry create(String key, String value) {
        return create(key, value, Map.of());
    }

    Entry create(String key, String value, Map<String, String> labels) {
        return maps.create(key, map(key, value, labels), 0);
    }

    Entry set(String key, String value) {
        return set(key, value, Map.of());
    }

    Entry set(String key, String value, Map<String, String> labels) {
        return maps.update(key, Preconditions.NONE, false, 0, old -> map(key, value, labels));
    }

    Entry delete(String key) {
        return maps.delete(key, Preconditions.NONE, old -> {});
    }

    /** The lines of a metric. */
    List<String> metric(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            metrics.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name) && line.contains("configmaps"))
                .toList();
    }

    void awaitRevision(long revision) {
        cache.awaitRevision(revision, DEADLINE).join();
    }

    static Message map(String key, String value, Map<String, String> labels) {
        String[] parts = key.split("/");
        return ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace(parts[0])
                        .setName(parts[1])
                        .setUid("uid-" + key)
                        .putAllLabels(labels))
                .putData("v", value)
                .build();
    }

    static String value(Entry entry) {
        return ((ConfigMap) entry.object()).getDataOrThrow("v");
    }

    /** Takes until so many events came; fewer if the watch ends. */
    static List<CacheEvent> take(CacheWatch watch, int count) throws InterruptedException {
        List<CacheEvent> taken = new ArrayList<>();
        while (taken.size() < count) {
            List<CacheEvent> more = watch.take();
            if (more.isEmpty()) {
                break;
            }
            taken.addAll(more);
        }
        return taken;
    }

    /** {@code TYPE key=value@revision}. */
    static String show(CacheEvent event) {
        return event.entry() == null
                ? event.type().toString()
                : event.type() + " " + event.entry().key() + "=" + value(event.entry());
    }

    @Override
    public void close() {
        storages.close();
    }
}
