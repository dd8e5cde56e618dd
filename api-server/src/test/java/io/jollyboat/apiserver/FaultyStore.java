package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.LinearHistory.Write;
import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.codec.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** A store that loses answers of writes, before or after they happen; or, to try a test, writes twice. */
final class FaultyStore extends ForwardingStore {
    private static final String PREFIX = "/registry/configmaps/default/k";

    private final Random random;
    private final boolean twice;
    private volatile boolean faulty;

    FaultyStore(KeyValueStore store, Random random, boolean twice) {
        super(store);
        this.random = random;
        this.twice = twice;
    }

    void start() {
        faulty = true;
    }

    void stop() {
        faulty = false;
    }

    /** All writes of keys with the prefix after a revision, as the store tells them. */
    List<Write> writes(String prefix, long after) {
        List<Write> writes = new ArrayList<>();
        long now = store.currentRevision().join();
        CountDownLatch over = new CountDownLatch(1);
        Watch watch = store.watch(ByteString.EMPTY, after + 1, new WatchListener() {
            @Override
            public void onEvents(List<StoreEvent> events) {
                for (StoreEvent event : events) {
                    String key = event.key().toStringUtf8();
                    if (key.startsWith(prefix)) {
                        writes.add(new Write(event.revision(), key.substring(key.lastIndexOf('/') + 1), label(event)));
                    }
                    if (event.revision() >= now) {
                        over.countDown();
                    }
                }
            }

            @Override
            public void onEnd(StoreException reason) {
                over.countDown();
            }
        });
        try (watch) {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(writes);
    }

    private static String label(StoreEvent event) {
        return switch (event) {
            case StoreEvent.Delete delete -> "";
            case StoreEvent.Put put -> {
                try {
                    yield io.jollyboat.api.core.v1.ConfigMap.parseFrom(
                                    Envelope.unwrap(put.entry().value().toByteArray())
                                            .getRaw())
                            .getMetadata()
                            .getLabelsOrDefault("linear", "");
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private CompletableFuture<WriteResult> write(ByteString key, Supplier<CompletableFuture<WriteResult>> call) {
        if (!faulty || !key.toStringUtf8().startsWith(PREFIX)) {
            return call.get();
        }
        int dice;
        synchronized (random) {
            dice = random.nextInt(10);
        }
        if (dice == 0) {
            return lost();
        }
        return dice == 1 ? call.get().thenCompose(done -> lost()) : call.get();
    }

    private static CompletableFuture<WriteResult> lost() {
        return CompletableFuture.failedFuture(
                new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "etcdserver: request timed out"));
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return write(
                key,
                () -> store.put(key, value, expectedModRevision, leaseId)
                        .thenCompose(done -> twice && faulty && done instanceof WriteResult.Written written
                                ? store.put(key, value, written.revision(), leaseId)
                                : CompletableFuture.completedFuture(done)));
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return write(key, () -> store.delete(key, expectedModRevision));
    }
}
