package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import tools.jackson.databind.node.ObjectNode;

/** The API servers beside this one. */
public final class Aggregation implements AutoCloseable {
    private final ServedKinds kinds;
    private final HttpCaller caller;
    private final ApiServices services;
    private final AutoRegistration registration;
    private final AvailabilityController availability;
    private final RemoteDiscovery discovery;
    private final RemoteOpenApi openApi;
    private final RemoteObjects objects;
    private volatile MergedDiscovery merged;

    /**
     * @param lookup tells of APIServices once it is started
     * @param addresses of Services
     * @param identity what is shown to other servers; may give null
     * @param calls in whose name APIServices are written
     */
    public Aggregation(
            Runtime runtime,
            ObjectStorages storages,
            ServedKinds kinds,
            ResourceService resources,
            ObjectLookup lookup,
            ServiceAddresses addresses,
            Supplier<KeyManager[]> identity,
            Supplier<Call> calls,
            Metrics metrics) {
        this.kinds = kinds;
        this.caller = new HttpCaller(runtime);
        RemoteCalls remote = new RemoteCalls(caller);
        this.services = new ApiServices(caller, addresses, identity);
        this.registration = new AutoRegistration(runtime, storages, kinds, resources, calls, metrics);
        this.availability = new AvailabilityController(
                runtime, storages, services, new AvailabilityCheck(runtime, remote), resources, calls, metrics);
        this.discovery = new RemoteDiscovery(runtime, services, remote, metrics);
        this.openApi = new RemoteOpenApi(runtime, services, remote);
        this.objects = new RemoteObjects(services, kinds, caller);
        services.onChange(registration::changed);
        services.onChange(availability::changed);
        services.onChange(discovery::changed);
        lookup.listen(ApiServiceNames.TYPE, services);
    }

    /** @param definitions complete when all definitions are served that there are */
    public void start(CompletableFuture<Void> definitions) {
        registration.start(definitions);
        availability.start();
        discovery.start();
    }

    /** What is still missing of this server's own APIServices after a start; empty for nothing. */
    public Optional<String> missing() {
        Set<String> pending = registration.pending();
        return pending.isEmpty() ? Optional.empty() : Optional.of("missing APIService: " + pending);
    }

    /** Which other server a request is for; null where it is this one. */
    public RemoteApi find(String path) {
        return services.find(path);
    }

    /** Discovery as it is now: the same object while nothing changes. */
    public MergedDiscovery discovery() {
        MergedDiscovery last = merged;
        ServedKinds.Snapshot served = kinds.snapshot();
        ApiServices.State state = services.state();
        boolean registered = registration.pending().isEmpty();
        if (last != null && last.isOf(served, state, discovery.versions(), registered)) {
            return last;
        }
        MergedDiscovery next = new MergedDiscovery(served, state, discovery.versions(), registered);
        merged = next;
        return next;
    }

    /** Documents of OpenAPI version 2 of other servers; the same objects while nothing changes. */
    public Map<RemoteApi, ObjectNode> openApiV2() {
        try {
            return openApi.v2();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    /** Where documents of OpenAPI version 3 of other servers are, by {@code apis/<group>/<version>}. */
    public Map<String, String> openApiV3() {
        try {
            return openApi.v3Paths();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    /** The objects of other servers. */
    public RemoteObjects objects() {
        return objects;
    }

    /** Calls other servers. */
    public HttpCaller caller() {
        return caller;
    }

    @Override
    public void close() {
        registration.close();
        availability.close();
        discovery.close();
        caller.close();
    }
}
