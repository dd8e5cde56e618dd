package io.jollyboat.informer;

import io.jollyboat.client.ApiClient.WatchListener;
import io.jollyboat.errors.ApiException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Hands a watch's events from the connection's thread to the informer's. Bounded: when the informer is behind, the
 * connection waits, and the server in the end drops the watch.
 */
final class WatchEvents<T> implements WatchListener<T> {
    private static final int CAPACITY = 1024;

    private final LinkedBlockingQueue<Item<T>> queue = new LinkedBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    Item<T> take() throws InterruptedException {
        return queue.take();
    }

    /** Nobody takes any more: frees a connection's thread that waits to put. */
    void close() {
        closed = true;
        queue.clear();
    }

    @Override
    public void onAdded(T object) {
        put(new Put<>(object));
    }

    @Override
    public void onModified(T object) {
        put(new Put<>(object));
    }

    @Override
    public void onDeleted(T last) {
        put(new Removed<>(last));
    }

    @Override
    public void onBookmark(String resourceVersion) {
        put(new Bookmark<>(resourceVersion));
    }

    @Override
    public void onEnd(ApiException error) {
        put(new End<>(error));
    }

    private void put(Item<T> item) {
        if (closed) {
            return;
        }
        try {
            queue.put(item);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    sealed interface Item<T> {}

    record Put<T>(T object) implements Item<T> {}

    record Removed<T>(T last) implements Item<T> {}

    record Bookmark<T>(String resourceVersion) implements Item<T> {}

    record End<T>(ApiException error) implements Item<T> {}
}
