package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceCondition;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.LoopConfig;
import io.jollyboat.controller.Outcome;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import io.prometheus.metrics.core.metrics.Gauge;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps the condition Available. While no APIService names a Service, nothing is followed and nothing is asked; as long
 * as there is one, its Service and the Service's endpoints are followed, and the server is asked every half minute.
 */
final class AvailabilityController implements AutoCloseable {
    static final ResourceType<Service> SERVICES = Kinds.of(Service.class);
    static final ResourceType<EndpointSlice> SLICES = Kinds.of(EndpointSlice.class);
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final int MAX_DOUBLINGS = 8;

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final ApiServices services;
    private final AvailabilityCheck check;
    private final ResourceService resources;
    private final Supplier<Call> calls;
    private final ControllerLoop loop;
    private final Gauge unavailable;
    private final Map<String, Integer> failed = new ConcurrentHashMap<>();
    private final Followers followers;

    AvailabilityController(
            Runtime runtime,
            ObjectStorages storages,
            ApiServices services,
            AvailabilityCheck check,
            ResourceService resources,
            Supplier<Call> calls,
            Metrics metrics) {
        this.runtime = runtime;
        this.storages = storages;
        this.services = services;
        this.check = check;
        this.resources = resources;
        this.calls = calls;
        this.loop = new ControllerLoop(
                "apiservice availability", this::reconcile, LoopConfig.DEFAULT.withWorkers(5), runtime, metrics);
        this.unavailable = metrics.gauge(
                "aggregator_unavailable_apiservice", "Whether an API service is unavailable at this time", "name");
        this.followers = new Followers(
                runtime,
                List.of(
                        new Followers.Kind(storages.of(SERVICES).cache(), this::serviceChanged),
                        new Followers.Kind(storages.of(SLICES).cache(), this::sliceChanged)));
    }

    void start() {
        loop.start(List.of());
    }

    /** An APIService came, changed or went. */
    void changed(String name) {
        followers.keep(!services.state().remote().isEmpty());
        loop.add(ObjectKey.cluster(name));
    }

    private void serviceChanged(CacheEvent event) {
        Entry entry = event.entry();
        changedService(entry.namespace(), entry.name());
    }

    private void sliceChanged(CacheEvent event) {
        String service = event.entry().labels().getOrDefault(SERVICE_NAME, "");
        changedService(event.entry().namespace(), service);
    }

    private void changedService(String namespace, String name) {
        for (RemoteApi api : services.state().remote().values()) {
            if (api.server().namespace().equals(namespace)
                    && api.server().name().equals(name)) {
                loop.add(ObjectKey.cluster(api.name()));
            }
        }
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        String name = key.name();
        APIService present = services.state().all().get(name);
        RemoteApi api = services.state().remote().get(name);
        if (present == null) {
            failed.remove(name);
            unavailable.remove(name);
            return Outcome.done();
        }
        if (api == null) {
            failed.remove(name);
            set(present, AvailabilityCheck.condition("True", "Local", "Local APIServices are always available"));
            return Outcome.done();
        }
        APIServiceCondition condition = check.check(api, service(api.server()), () -> slices(storages, api.server()));
        set(present, condition);
        if (!condition.getReason().equals("FailedDiscoveryCheck")) {
            failed.remove(name);
            return Outcome.after(AGAIN);
        }
        int times = failed.merge(name, 1, Integer::sum);
        Duration retry = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS));
        return Outcome.after(retry.compareTo(AGAIN) < 0 ? retry : AGAIN);
    }

    private Service service(RemoteApi.Server server) {
        Entry entry = storages.of(SERVICES).cache().get(server.namespace() + "/" + server.name());
        return entry == null ? null : (Service) entry.object();
    }

    static List<EndpointSlice> slices(ObjectStorages storages, RemoteApi.Server server) {
        List<EndpointSlice> found = new ArrayList<>();
        for (Entry entry : storages.of(SLICES).cache().snapshot().list(server.namespace())) {
            if (server.name().equals(entry.labels().get(SERVICE_NAME))) {
                found.add((EndpointSlice) entry.object());
            }
        }
        return found;
    }

    private void set(APIService present, APIServiceCondition condition) {
        String name = present.getMetadata().getName();
        boolean available = condition.getStatus().equals("True");
        unavailable.labelValues(name).set(available ? 0 : 1);
        APIServiceCondition before = ApiServiceNames.available(present);
        if (before != null
                && before.getStatus().equals(condition.getStatus())
                && before.getReason().equals(condition.getReason())
                && before.getMessage().equals(condition.getMessage())) {
            return;
        }
        APIServiceCondition dated = condition.toBuilder()
                .setLastTransitionTime(
                        before != null && before.getStatus().equals(condition.getStatus())
                                ? before.getLastTransitionTime()
                                : Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS)))
                .build();
        APIService.Builder changed = present.toBuilder();
        int index =
                before == null ? -1 : present.getStatus().getConditionsList().indexOf(before);
        if (index < 0) {
            changed.getStatusBuilder().addConditions(dated);
        } else {
            changed.getStatusBuilder().setConditions(index, dated);
        }
        try {
            resources.update(calls.get(), new Target(ApiServiceNames.TYPE, "", name, "status"), changed.build());
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isNotFound()) {
                throw e;
            }
            // It has changed: the cache will say so.
        }
    }

    @Override
    public void close() {
        followers.close();
        loop.close();
    }
}
