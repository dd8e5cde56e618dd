package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.LoopConfig;
import io.jollyboat.controller.Outcome;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps the APIServices of what this server serves itself. Those of built-in groups are brought up to date once after a
 * start, as an administrator may want them otherwise; those of definitions always. What carries no label of ours is left
 * alone.
 */
final class AutoRegistration implements AutoCloseable {
    static final String LABEL = "kube-aggregator.kubernetes.io/automanaged";
    private static final String ON_START = "onstart";
    private static final String ALWAYS = "true";
    private static final int WORKERS = 5;

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final ServedKinds kinds;
    private final ResourceService resources;
    private final Supplier<Call> calls;
    private final ControllerLoop loop;
    private final Map<String, APIService> builtIn = new HashMap<>();
    private final Set<String> presentAtStart = new HashSet<>();
    private final Set<String> syncedOnce = ConcurrentHashMap.newKeySet();
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private volatile Map<String, APIService> custom = Map.of();
    private volatile boolean closed;
    private Thread thread;

    /** @param calls in whose name they are written */
    AutoRegistration(
            Runtime runtime,
            ObjectStorages storages,
            ServedKinds kinds,
            ResourceService resources,
            Supplier<Call> calls,
            Metrics metrics) {
        this.runtime = runtime;
        this.storages = storages;
        this.kinds = kinds;
        this.resources = resources;
        this.calls = calls;
        this.loop = new ControllerLoop(
                "autoregister", this::reconcile, LoopConfig.DEFAULT.withWorkers(WORKERS), runtime, metrics);
        ServedKinds.Snapshot served = kinds.snapshot();
        for (String group : served.groups()) {
            for (String version : served.versions(group)) {
                Priorities priorities = Priorities.builtIn(group, version);
                if (priorities != null) {
                    APIService wanted = service(group, version, priorities, ON_START);
                    builtIn.put(wanted.getMetadata().getName(), wanted);
                }
            }
        }
        pending.addAll(builtIn.keySet());
    }

    private static APIService service(String group, String version, Priorities priorities, String managed) {
        return APIService.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(ApiServiceNames.of(group, version))
                        .putLabels(LABEL, managed))
                .setSpec(APIServiceSpec.newBuilder()
                        .setGroup(group)
                        .setVersion(version)
                        .setGroupPriorityMinimum(priorities.group())
                        .setVersionPriority(priorities.version()))
                .build();
    }

    /** @param definitions complete when all definitions are served that there are: before, none is missed */
    void start(CompletableFuture<Void> definitions) {
        thread = runtime.start("autoregister start", () -> {
            try {
                storages.filled().get();
                definitions.get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                return; // closed
            }
            Set<String> all = new TreeSet<>(builtIn.keySet());
            for (Entry entry : cache().snapshot().list("")) {
                presentAtStart.add(entry.name());
                all.add(entry.name());
            }
            kinds.onChange(this::served);
            served();
            all.forEach(this::changed);
            if (!closed) {
                loop.start(List.of());
            }
        });
    }

    /** Which of the built-in ones have not been available since the start. */
    Set<String> pending() {
        return new TreeSet<>(pending);
    }

    /** An APIService came, changed or went. */
    void changed(String name) {
        loop.add(ObjectKey.cluster(name));
    }

    private ResourceCache cache() {
        return storages.of(ApiServiceNames.TYPE).cache();
    }

    /** Definitions came or went. */
    private synchronized void served() {
        Map<String, APIService> before = custom;
        Map<String, APIService> now = new HashMap<>();
        kinds.snapshot().custom().forEach(type -> {
            String name = ApiServiceNames.of(type.group(), type.version());
            if (!builtIn.containsKey(name)) {
                now.computeIfAbsent(name, key -> service(type.group(), type.version(), Priorities.CUSTOM, ALWAYS));
            }
        });
        custom = now;
        Set<String> differing = new TreeSet<>(before.keySet());
        differing.addAll(now.keySet());
        differing.removeIf(name -> before.containsKey(name) && now.containsKey(name));
        differing.forEach(this::changed);
    }

    private Outcome reconcile(ObjectKey key) {
        String name = key.name();
        Entry entry = cache().get(name);
        APIService present = entry == null ? null : (APIService) entry.object();
        try {
            sync(name, present);
        } catch (ApiException e) {
            // Somebody else was faster: the cache will tell.
            if (!e.isAlreadyExists() && !e.isConflict() && !e.isNotFound()) {
                throw e;
            }
        }
        syncedOnce.add(name);
        if (present != null && ApiServiceNames.isAvailable(present)) {
            pending.remove(name);
        }
        return Outcome.done();
    }

    private void sync(String name, APIService present) {
        boolean again = syncedOnce.contains(name);
        APIService wanted = builtIn.getOrDefault(name, custom.get(name));
        if (wanted != null && managed(wanted).equals(ON_START) && again) {
            return;
        }
        if (present == null) {
            if (wanted != null) {
                resources.create(calls.get(), new Target(ApiServiceNames.TYPE, "", name, ""), wanted);
            }
            return;
        }
        String managed = managed(present);
        boolean onStart = managed.equals(ON_START);
        if ((!onStart && !managed.equals(ALWAYS)) || (onStart && (again || !presentAtStart.contains(name)))) {
            return;
        }
        Target target = new Target(ApiServiceNames.TYPE, "", name, "");
        if (wanted == null) {
            DeleteOptions.Builder options = DeleteOptions.newBuilder();
            options.getPreconditionsBuilder().setUid(present.getMetadata().getUid());
            resources.delete(calls.get(), target, options.build());
        } else if (!present.getSpec().equals(wanted.getSpec())) {
            resources.update(
                    calls.get(),
                    target,
                    present.toBuilder().setSpec(wanted.getSpec()).build());
        }
    }

    private static String managed(APIService service) {
        return service.getMetadata().getLabelsOrDefault(LABEL, "");
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        loop.close();
    }
}
