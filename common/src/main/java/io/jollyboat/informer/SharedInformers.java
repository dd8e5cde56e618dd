package io.jollyboat.informer;

import com.google.protobuf.Message;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The informers over one client. */
public final class SharedInformers implements Informers {
    private final ApiClient client;
    private final Runtime runtime;
    private final Map<Key, WatchInformer<?>> informers = new LinkedHashMap<>();
    private boolean closed;

    public SharedInformers(ApiClient client, Runtime runtime) {
        this.client = client;
        this.runtime = runtime;
    }

    @Override
    @SuppressWarnings("unchecked") // the key's type is the informer's
    public synchronized <T extends Message> Informer<T> of(ResourceType<T> type, Selection selection) {
        return (Informer<T>) informers.computeIfAbsent(
                new Key(type, selection, false), k -> new WatchInformer<>(type, selection, false, client, runtime));
    }

    @Override
    @SuppressWarnings("unchecked") // the key's type is the informer's
    public synchronized <T extends Message> Informer<T> metadata(ResourceType<T> type) {
        WatchInformer<?> whole = informers.get(new Key(type, Selection.ALL, false));
        return (Informer<T>)
                (whole != null
                        ? whole
                        : informers.computeIfAbsent(
                                new Key(type, Selection.ALL, true),
                                k -> new WatchInformer<>(type, Selection.ALL, true, client, runtime)));
    }

    @Override
    public synchronized void forget(Informer<?> informer) {
        if (informer instanceof WatchInformer<?> ended && informers.values().remove(ended)) {
            ended.close();
            ended.synced().complete(null); // nobody is to wait for it any more
        }
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("informers are closed");
        }
        informers.values().forEach(WatchInformer::start);
    }

    @Override
    public boolean awaitSync(Duration timeout) throws InterruptedException {
        List<WatchInformer<?>> waiting;
        synchronized (this) {
            waiting = List.copyOf(informers.values());
        }
        CompletableFuture<Boolean> result = CompletableFuture.allOf(
                        waiting.stream().map(WatchInformer::synced).toArray(CompletableFuture[]::new))
                .thenApply(all -> true);
        Runtime.Timer timer = runtime.schedule(timeout, () -> result.complete(false));
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nothing completes them so
        } finally {
            timer.cancel();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        informers.values().forEach(WatchInformer::close);
    }

    private record Key(ResourceType<?> type, Selection selection, boolean metadataOnly) {}
}
