package io.jollyboat.apiserver.cache;

import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The running watches of a resource, found by what they are about: a kubelet's watch on its own node's pods costs nothing
 * when other nodes' pods change. Guarded by the cache's lock.
 */
final class Watches {
    private static final long BOOKMARK_NANOS = Duration.ofMinutes(1).toNanos();

    private final StoredResource resource;
    private final Runtime runtime;
    private final Map<String, Set<QueuedWatch>> onAll = new HashMap<>();
    private final Map<String, Set<QueuedWatch>> onNamespace = new HashMap<>();
    private final Map<String, Set<QueuedWatch>> onKey = new HashMap<>();
    private final Map<String, Map<String, Set<QueuedWatch>>> onIndex = new HashMap<>();

    Watches(StoredResource resource, Runtime runtime) {
        this.resource = resource;
        this.runtime = runtime;
        resource.indexes().keySet().forEach(index -> onIndex.put(index, new HashMap<>()));
    }

    /** Where a watch is found, among those of its sort. */
    private record Place(Map<String, Set<QueuedWatch>> watches, String topic) {}

    /** @param since what the watch has seen, if it goes on from there */
    QueuedWatch open(WatchScope scope, long since, Iterator<CacheEvent> backlog, QueuedWatch.Keeper keeper) {
        QueuedWatch watch = new QueuedWatch(scope, since, backlog, keeper);
        // Not all at once: many watches are opened at the same time.
        watch.bookmarkNanos =
                runtime.nanoTime() + BOOKMARK_NANOS - runtime.random().nextLong(BOOKMARK_NANOS / 4);
        Place place = place(scope);
        place.watches
                .computeIfAbsent(place.topic, topic -> new LinkedHashSet<>())
                .add(watch);
        return watch;
    }

    void remove(QueuedWatch watch) {
        Place place = place(watch.scope());
        place.watches.computeIfPresent(place.topic, (topic, watches) -> {
            watches.remove(watch);
            return watches.isEmpty() ? null : watches;
        });
    }

    void offer(Change change) {
        offer(onAll, "", change);
        if (!onNamespace.isEmpty()) {
            offer(onNamespace, change.either().namespace(), change);
        }
        if (!onKey.isEmpty()) {
            offer(onKey, change.either().key(), change);
        }
        onIndex.forEach((index, watches) -> {
            if (!watches.isEmpty()) {
                values(index, change).forEach(value -> offer(watches, value, change));
            }
        });
    }

    /** Old values too: who watches those sees the object leave. */
    private static Set<String> values(String index, Change change) {
        Set<String> values = new LinkedHashSet<>(3);
        if (change.before() != null) {
            values.addAll(change.before().indexed(index));
        }
        if (change.after() != null) {
            values.addAll(change.after().indexed(index));
        }
        return values;
    }

    private static void offer(Map<String, Set<QueuedWatch>> byTopic, String topic, Change change) {
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

    /** Tells the watches whose last bookmark is a while ago how far they are. */
    void bookmark(long revision) {
        long now = runtime.nanoTime();
        CacheEvent bookmark = new CacheEvent(CacheEvent.Type.BOOKMARK, null, revision);
        for (QueuedWatch watch : all()) {
            if (watch.scope().bookmarks() && now - watch.bookmarkNanos >= 0) {
                watch.bookmarkNanos = now + BOOKMARK_NANOS;
                watch.offer(bookmark);
            }
        }
    }

    private List<QueuedWatch> all() {
        List<QueuedWatch> all = new ArrayList<>();
        List.of(onAll, onNamespace, onKey).forEach(sort -> sort.values().forEach(all::addAll));
        onIndex.values().forEach(sort -> sort.values().forEach(all::addAll));
        return all;
    }

    void endAll(ApiException reason) {
        all().forEach(watch -> watch.end(reason));
    }

    private Place place(WatchScope scope) {
        if (!scope.name().isEmpty() && (!scope.namespace().isEmpty() || !resource.namespaced())) {
            return new Place(
                    onKey, scope.namespace().isEmpty() ? scope.name() : scope.namespace() + "/" + scope.name());
        }
        if (onIndex.containsKey(scope.indexName())) {
            return new Place(onIndex.get(scope.indexName()), scope.indexValue());
        }
        return scope.namespace().isEmpty() ? new Place(onAll, "") : new Place(onNamespace, scope.namespace());
    }
}
