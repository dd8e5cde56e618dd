package io.jollyboat.informer;

import com.google.protobuf.Message;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;

/** The informers of one process, one per type and selection, shared by all who ask. */
public interface Informers extends AutoCloseable {
    /** Of all namespaces and objects. */
    default <T extends Message> Informer<T> of(ResourceType<T> type) {
        return of(type, Selection.ALL);
    }

    <T extends Message> Informer<T> of(ResourceType<T> type, Selection selection);

    /**
     * Of all objects, for one who needs their metadata only: holds no more than that, unless the whole objects were asked
     * for before.
     */
    default <T extends Message> Informer<T> metadata(ResourceType<T> type) {
        return of(type);
    }

    /** Ends one whose kind is no more; who asks for the kind again gets another. What it had last stays readable. */
    void forget(Informer<?> informer);

    /** Starts those not started yet. */
    void start();

    /** Waits until all started informers have synced; false when the time is over first. */
    boolean awaitSync(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
