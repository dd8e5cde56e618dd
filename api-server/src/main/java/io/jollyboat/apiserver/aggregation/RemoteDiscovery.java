package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apidiscovery.v2.APIGroupDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIGroupDiscoveryList;
import io.jollyboat.api.apidiscovery.v2.APIResourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APISubresourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIVersionDiscovery;
import io.jollyboat.api.meta.v1.APIResourceList;
import io.jollyboat.api.meta.v1.GroupVersionKind;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.LoopConfig;
import io.jollyboat.controller.Outcome;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What other servers serve: asked for when their APIService changes, and once a minute. One question answers for all
 * APIServices of a server. What cannot be had is stale, with the last that was known.
 */
final class RemoteDiscovery implements AutoCloseable {
    private static final Log LOG = Log.of(RemoteDiscovery.class);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 7;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    private final Runtime runtime;
    private final ApiServices services;
    private final RemoteCalls calls;
    private final ControllerLoop loop;
    private final Map<String, Long> dirtySince = new ConcurrentHashMap<>();
    private final Map<String, Integer> failed = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Map<String, APIVersionDiscovery> versions = Map.of();

    /** @param asked before the question was asked */
    private record Known(Map<String, APIVersionDiscovery> versions, String etag, long asked) {}

    RemoteDiscovery(Runtime runtime, ApiServices services, RemoteCalls calls, Metrics metrics) {
        this.runtime = runtime;
        this.services = services;
        this.calls = calls;
        this.loop = new ControllerLoop(
                "apiservice discovery", this::reconcile, LoopConfig.DEFAULT.withWorkers(2), runtime, metrics);
    }

    void start() {
        loop.start(List.of());
    }

    /** By the name of the APIService; another map after every change. */
    Map<String, APIVersionDiscovery> versions() {
        return versions;
    }

    /** Of a version that nothing is known of. */
    static APIVersionDiscovery stale(String version) {
        return APIVersionDiscovery.newBuilder()
                .setVersion(version)
                .setFreshness("Stale")
                .build();
    }

    /** An APIService came, changed or went. */
    void changed(String name) {
        if (services.state().remote().containsKey(name)) {
            dirtySince.put(name, runtime.nanoTime());
            loop.add(ObjectKey.cluster(name));
        } else if (dirtySince.remove(name) != null) {
            loop.add(ObjectKey.cluster(name));
        }
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        String name = key.name();
        RemoteApi api = services.state().remote().get(name);
        if (api == null) {
            failed.remove(name);
            dirtySince.remove(name);
            put(name, null);
            known.keySet()
                    .retainAll(services.state().remote().values().stream()
                            .map(other -> other.server().key())
                            .toList());
            return Outcome.done();
        }
        try {
            Known fresh = fetch(api);
            put(name, withFreshness(fresh.versions().get(name), api.version(), "Current"));
            failed.remove(name);
            dirtySince.put(name, runtime.nanoTime());
            return Outcome.after(AGAIN);
        } catch (CallException | DecodeException e) {
            LOG.debug("discovery of another server failed", "apiservice", name, "reason", e.getMessage());
            Known last = known.get(api.server().key());
            put(name, withFreshness(last == null ? null : last.versions().get(name), api.version(), "Stale"));
            int times = failed.merge(name, 1, Integer::sum);
            Duration retry = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS));
            return Outcome.after(retry.compareTo(AGAIN) < 0 ? retry : AGAIN);
        }
    }

    private static APIVersionDiscovery withFreshness(APIVersionDiscovery found, String version, String freshness) {
        APIVersionDiscovery.Builder one =
                found == null ? APIVersionDiscovery.newBuilder().setVersion(version) : found.toBuilder();
        return one.setFreshness(freshness).build();
    }

    private synchronized void put(String name, APIVersionDiscovery version) {
        if (version == null ? !versions.containsKey(name) : version.equals(versions.get(name))) {
            return;
        }
        Map<String, APIVersionDiscovery> next = new HashMap<>(versions);
        if (version == null) {
            next.remove(name);
        } else {
            next.put(name, version);
        }
        versions = Map.copyOf(next);
    }

    private Known fetch(RemoteApi api) throws CallException, InterruptedException {
        Known last = known.get(api.server().key());
        if (last != null && last.asked() - dirtySince.getOrDefault(api.name(), last.asked()) > 0) {
            return last;
        }
        long asked = runtime.nanoTime();
        String etag = last == null ? "" : last.etag();
        Answer answer = calls.get(api.server(), "/apis", RemoteCalls.AGGREGATOR, ACCEPT, etag, TIME);
        int code = answer.head().code();
        if (code == 304 && last != null) {
            Known again = new Known(last.versions(), last.etag(), asked);
            known.put(api.server().key(), again);
            return again;
        }
        if (code == 503) {
            throw new CallException("non-success response code: 503");
        }
        if (code == 200 && isAggregated(answer.head().header("Content-Type"))) {
            String tag = answer.head().header("Etag");
            Known fresh = new Known(byName(answer.body().toByteArray()), tag == null ? "" : tag, asked);
            known.put(api.server().key(), fresh);
            return fresh;
        }
        return legacy(api, asked);
    }

    private static boolean isAggregated(String contentType) {
        String type =
                contentType == null ? "" : contentType.toLowerCase(Locale.ROOT).replace(" ", "");
        return type.startsWith("application/json")
                && type.contains(";g=apidiscovery.k8s.io")
                && (type.contains(";v=v2;") || type.endsWith(";v=v2") || type.contains(";v=v2beta1"))
                && type.contains(";as=apigroupdiscoverylist");
    }

    private static Map<String, APIVersionDiscovery> byName(byte[] json) {
        APIGroupDiscoveryList list = JsonCodec.decode(
                        json, APIGroupDiscoveryList.getDefaultInstance(), Strictness.IGNORE)
                .message();
        Map<String, APIVersionDiscovery> all = new HashMap<>();
        for (APIGroupDiscovery group : list.getItemsList()) {
            for (APIVersionDiscovery version : group.getVersionsList()) {
                all.put(
                        ApiServiceNames.of(group.getMetadata().getName(), version.getVersion()),
                        withKinds(version.toBuilder()));
            }
        }
        return all;
    }

    /** Some clients break on a resource whose kind is not told. */
    private static APIVersionDiscovery withKinds(APIVersionDiscovery.Builder version) {
        for (APIResourceDiscovery.Builder resource : version.getResourcesBuilderList()) {
            if (!resource.hasResponseKind()) {
                resource.setResponseKind(GroupVersionKind.getDefaultInstance());
            }
            for (APISubresourceDiscovery.Builder subresource : resource.getSubresourcesBuilderList()) {
                if (!subresource.hasResponseKind()) {
                    subresource.setResponseKind(GroupVersionKind.getDefaultInstance());
                }
            }
        }
        return version.build();
    }

    /** Answers for this one version only, and is not kept. */
    private Known legacy(RemoteApi api, long asked) throws CallException, InterruptedException {
        Answer answer = calls.get(api.server(), api.path(), RemoteCalls.AGGREGATOR, "application/json", "", TIME);
        if (answer.head().code() != 200) {
            throw new CallException("failed to download legacy discovery for " + api.path() + ": code "
                    + answer.head().code());
        }
        APIResourceList list = JsonCodec.decode(
                        answer.body().toByteArray(), APIResourceList.getDefaultInstance(), Strictness.IGNORE)
                .message();
        return new Known(Map.of(api.name(), LegacyDiscovery.convert(api.version(), list)), "", asked);
    }

    @Override
    public void close() {
        loop.close();
    }
}
