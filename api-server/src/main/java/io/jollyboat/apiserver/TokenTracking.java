package io.jollyboat.apiserver;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.CacheView;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the ConfigMap that says since when every use of a token in a Secret is noted: whoever cleans up must not take a
 * token as unused for the time before. Looks when the ConfigMap changes; one thread.
 */
final class TokenTracking implements BackgroundTask {
    private static final Log LOG = Log.of(TokenTracking.class);
    private static final ResourceType<ConfigMap> TYPE = Kinds.of(ConfigMap.class);
    private static final ObjectKey KEY =
            ObjectKey.of("kube-system", "kube-apiserver-legacy-service-account-token-tracking");
    private static final String SINCE = "since";
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Another server, of a version that notes nothing, may delete what this one makes. */
    private static final Duration BETWEEN_CREATIONS = Duration.ofMinutes(30);

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final ResourceService resources;
    private final CompletableFuture<Void> bootstrapped;
    private Instant nextCreation = Instant.MIN;
    private Thread thread;

    TokenTracking(
            Runtime runtime, ObjectStorages storages, ResourceService resources, CompletableFuture<Void> bootstrapped) {
        this.runtime = runtime;
        this.storages = storages;
        this.resources = resources;
        this.bootstrapped = bootstrapped;
    }

    @Override
    public synchronized void start() {
        thread = runtime.start("token tracking", this::run);
    }

    private void run() {
        try {
            bootstrapped.get();
            while (!Thread.currentThread().isInterrupted()) {
                Duration wait;
                try {
                    wait = keep(storages.of(TYPE).cache());
                } catch (ApiException e) {
                    LOG.info("since when tokens are tracked is not noted yet", "reason", e.getMessage());
                    wait = RETRY;
                }
                runtime.sleep(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Mends what is missing, else waits for a change. Answers how long to wait before the next look. */
    private Duration keep(ResourceCache cache) throws InterruptedException {
        CacheView view = cache.snapshot();
        Entry entry = cache.get(new Target(TYPE, KEY).key());
        Instant now = runtime.now();
        String today = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
        if (entry == null) {
            if (now.isBefore(nextCreation)) {
                return Duration.between(now, nextCreation);
            }
            create(today);
            nextCreation = now.plus(BETWEEN_CREATIONS);
        } else if (!isDay(((ConfigMap) entry.object()).getDataOrDefault(SINCE, ""))) {
            mend((ConfigMap) resources.object(TYPE, entry), today);
        }
        // A change since the view was taken comes at once, this server's own too.
        WatchScope scope = new WatchScope(KEY.namespace(), KEY.name(), "", "", any -> true, false);
        try (CacheWatch watch = cache.watch(view.revision(), scope)) {
            return watch.take().isEmpty() ? RETRY : Duration.ZERO;
        }
    }

    private void create(String today) {
        ConfigMap made = ConfigMap.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setNamespace(KEY.namespace()).setName(KEY.name()))
                .putData(SINCE, today)
                .build();
        try {
            resources.create(Call.own(ServiceNetwork.SERVER), new Target(TYPE, KEY), made);
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
        }
    }

    private void mend(ConfigMap present, String today) {
        try {
            resources.update(
                    Call.own(ServiceNetwork.SERVER),
                    new Target(TYPE, KEY),
                    present.toBuilder().putData(SINCE, today).build());
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isNotFound()) {
                throw e;
            }
        }
    }

    private static boolean isDay(String text) {
        try {
            return LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
