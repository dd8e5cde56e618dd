package io.jollyboat.apiserver.cache;

import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The running watches of a resource, found by what they are about: a kubelet's watch on its own node's pods costs nothing
 * when other nodes' pods change. Guarded by the cache's lock.
 */
final class Watches {
    private static final String ALL = "";

    private final StoredResource resource;
    private final Map<String, Set<QueuedWatch>> byTopic = new HashMap<>();

    Watches(StoredResource resource) {
        this.resource = resource;
    }

    void add(QueuedWatch watch) {
        byTopic.computeIfAbsent(topic(watch.scope()), t -> new LinkedHashSet<>())
                .add(watch);
    }

    void remove(QueuedWatch watch) {
        byTopic.computeIfPresent(topic(watch.scope()), (topic, watches) -> {
            watches.remove(watch);
            return watches.isEmpty() ? null : watches;
        });
    }

    void offer(Change change) {
        if (byTopic.isEmpty()) {
            return;
        }
        Entry entry = change.either();
        offer(ALL, change);
        offer("n:" + entry.namespace(), change);
        offer("k:" + entry.key(), change);
        for (String index : resource.indexes().keySet()) {
            Set<String> values = new LinkedHashSet<>(3);
            if (change.before() != null) {
                values.addAll(change.before().indexed(index));
            }
            if (change.after() != null) {
                values.addAll(change.after().indexed(index));
            }
            for (String value : values) {
                offer(index + ":" + value, change);
            }
        }
    }

    private void offer(String topic, Change change) {
        Set<QueuedWatch> watches = byTopic.get(topic);
        if (watches == null) {
            return;
        }
        // A copy: a watch that is too slow leaves the set.
        for (QueuedWatch watch : watches.toArray(new QueuedWatch[0])) {
            CacheEvent event = change.seenBy(watch.scope());
            if (event != null) {
                watch.offer(event);
            }
        }
    }

    List<QueuedWatch> all() {
        List<QueuedWatch> all = new ArrayList<>();
        byTopic.values().forEach(all::addAll);
        return all;
    }

    void endAll(ApiException reason) {
        all().forEach(watch -> watch.end(reason));
    }

    private String topic(WatchScope scope) {
        if (!scope.name().isEmpty() && (!scope.namespace().isEmpty() || !resource.namespaced())) {
            return "k:" + (scope.namespace().isEmpty() ? "" : scope.namespace() + "/") + scope.name();
        }
        if (!scope.indexName().isEmpty() && resource.indexes().containsKey(scope.indexName())) {
            return scope.indexName() + ":" + scope.indexValue();
        }
        return scope.namespace().isEmpty() ? ALL : "n:" + scope.namespace();
    }
}
