package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.cache.StoredResource;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.apiserver.custom.CustomCodec;
import io.jollyboat.apiserver.custom.CustomConverter;
import io.jollyboat.apiserver.custom.CustomDefinition;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** Serves what the definitions in the cache define, as long as they are established. One thread follows them. */
public final class CustomResources implements AutoCloseable {
    static final ResourceType<CustomResourceDefinition> TYPE = Kinds.of(CustomResourceDefinition.class);
    private static final Log LOG = Log.of(CustomResources.class);
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final ServedKinds kinds;
    private final Function<CustomResourceDefinition, CustomConverter> converters;
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private volatile Consumer<String> listener = name -> {};
    private volatile CacheWatch watch;
    private volatile boolean closed;
    private final CompletableFuture<Void> synced = new CompletableFuture<>();
    private Thread thread;

    /** @param converters how objects of a definition get from one version to another */
    public CustomResources(
            Runtime runtime,
            ObjectStorages storages,
            ServedKinds kinds,
            Function<CustomResourceDefinition, CustomConverter> converters) {
        this.runtime = runtime;
        this.storages = storages;
        this.kinds = kinds;
        this.converters = converters;
    }

    /** @param source the definition's present entry, kept for its schemas */
    private record Served(
            DefinitionDigest digest,
            CustomDefinition definition,
            StoredResource resource,
            CustomCodec codec,
            AtomicReference<Entry> source) {}

    /** @param listener told the name of each definition that came, changed or went, once that is served */
    void start(Consumer<String> listener) {
        this.listener = listener;
        thread = runtime.start("custom resources", this::follow);
    }

    /** What is served under a definition's name. */
    Optional<CustomDefinition> definition(String name) {
        return Optional.ofNullable(served.get(name)).map(Served::definition);
    }

    /** Whether all definitions that there were at the start are served. */
    public boolean isSynced() {
        return synced.isDone();
    }

    /** Completes when all definitions that there were at the start are served. */
    public CompletableFuture<Void> synced() {
        return synced;
    }

    ResourceCache cache() {
        return storages.of(TYPE).cache();
    }

    private void follow() {
        ResourceCache cache = cache();
        while (!closed) {
            try {
                storages.filled().get();
                resync(cache);
            } catch (InterruptedException e) {
                return;
            } catch (java.util.concurrent.ExecutionException | RuntimeException e) {
                LOG.warn("definitions cannot be followed, will try again", "reason", e.getMessage());
                try {
                    runtime.sleep(RETRY);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    /** From the present state until the watch ends. */
    private void resync(ResourceCache cache) throws InterruptedException {
        try (CacheWatch running = cache.watchFromNow(WatchScope.all(), true)) {
            watch = running;
            if (closed) {
                return;
            }
            Set<String> present = new HashSet<>();
            boolean initial = true;
            for (List<CacheEvent> events = running.take(); !events.isEmpty(); events = running.take()) {
                Set<String> changed = new HashSet<>();
                for (CacheEvent event : events) {
                    switch (event.type()) {
                        case ADDED, MODIFIED -> {
                            present.add(event.entry().name());
                            changed.add(event.entry().name());
                            put(event.entry());
                        }
                        case DELETED -> {
                            changed.add(event.entry().name());
                            present.remove(event.entry().name());
                            remove(event.entry().name());
                        }
                        case INITIAL_EVENTS_END -> {
                            initial = false;
                            Set<String> gone = new HashSet<>(served.keySet());
                            gone.removeAll(present);
                            gone.forEach(this::remove);
                            changed.addAll(gone);
                        }
                        case BOOKMARK -> {}
                    }
                }
                if (!changed.isEmpty() && !initial) {
                    serve();
                }
                if (!initial) {
                    synced.complete(null);
                }
                changed.forEach(listener);
            }
        }
    }

    private void put(Entry entry) {
        CustomResourceDefinition definition = (CustomResourceDefinition) entry.object();
        entry.cool();
        if (!CustomDefinition.isTrue(definition, "Established") || Overlaps.withBuiltIn(definition)) {
            remove(entry.name());
            return;
        }
        DefinitionDigest digest = DefinitionDigest.of(definition);
        Served before = served.get(entry.name());
        if (before != null && before.digest().equals(digest)) {
            before.source().set(entry);
            return;
        }
        if (before != null && !before.digest().uid().equals(digest.uid())) {
            remove(entry.name());
            before = null;
        }
        AtomicReference<Entry> source = new AtomicReference<>(entry);
        CustomDefinition made;
        try {
            made = new CustomDefinition(definition, () -> decoded(source.get()), converters);
        } catch (RuntimeException e) {
            LOG.error("a definition cannot be served", e, "key", entry.name());
            remove(entry.name());
            return;
        }
        if (before == null) {
            CustomCodec codec = new CustomCodec(made);
            StoredResource resource = new StoredResource(
                    made.group(), made.names().getPlural(), made.prefix(), made.namespaced(), codec, Map.of());
            storages.open(resource);
            served.put(entry.name(), new Served(digest, made, resource, codec, source));
        } else {
            before.codec().use(made);
            served.put(entry.name(), new Served(digest, made, before.resource(), before.codec(), source));
            if (!before.digest().sameObjects(digest)) {
                storages.renew(before.resource());
            }
        }
    }

    private static CustomResourceDefinition decoded(Entry entry) {
        CustomResourceDefinition definition = (CustomResourceDefinition) entry.object();
        entry.cool();
        return definition;
    }

    /** Not served first, then forgotten. */
    private void remove(String name) {
        Served before = served.remove(name);
        if (before != null) {
            serve();
            storages.close(before.resource());
        }
    }

    private void serve() {
        List<ResourceType<CustomObject>> types = served.values().stream()
                .flatMap(each -> each.definition().versions().stream())
                .filter(CustomVersion::served)
                .map(CustomVersion::type)
                .toList();
        kinds.serve(types);
    }

    /** 404 where the definition is not served any more. */
    static ApiException notServed(String name) {
        return ApiException.of(404, "NotFound", "custom resource " + name + " is not served");
    }

    @Override
    public void close() {
        closed = true;
        CacheWatch running = watch;
        if (running != null) {
            running.close();
        }
        if (thread != null) {
            thread.interrupt();
        }
    }
}
