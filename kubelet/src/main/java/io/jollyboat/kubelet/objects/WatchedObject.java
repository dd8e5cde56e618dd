package io.jollyboat.kubelet.objects;

import com.google.protobuf.Message;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Optional;

/**
 * One object: read once, then kept up to date by a watch of its own. Where the watch ends the last state is served
 * until the object could be read again.
 */
final class WatchedObject<T extends Message> implements AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ApiClient client;
    private final Runtime runtime;
    private final ResourceType<T> type;
    private final ObjectKey key;
    private final Runnable changed;
    private boolean known;
    private T value;
    private ApiClient.Watch watch;
    private boolean closed;

    WatchedObject(ApiClient client, Runtime runtime, ResourceType<T> type, ObjectKey key, Runnable changed) {
        this.client = client;
        this.runtime = runtime;
        this.type = type;
        this.key = key;
        this.changed = changed;
    }

    /** The first caller reads, the others wait for it. */
    synchronized Optional<T> get() {
        if (!known) {
            read();
        }
        return Optional.ofNullable(value);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
    }

    private synchronized void read() {
        try {
            value = client.get(type, key);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            value = null;
        }
        known = true;
        follow();
    }

    /** An absent object has no version to go on from: the watch then begins with what there is. */
    private void follow() {
        if (closed) {
            return;
        }
        String from = value == null ? "" : type.meta(value).getResourceVersion();
        watch = client.watch(
                type, key.namespace(), Selection.fields("metadata.name=" + key.name()), from, new Follower());
    }

    private void set(T now) {
        synchronized (this) {
            boolean same = now != null
                    && value != null
                    && type.meta(now)
                            .getResourceVersion()
                            .equals(type.meta(value).getResourceVersion());
            if (closed || same) {
                return;
            }
            value = now;
        }
        changed.run();
    }

    private void recover() {
        T before;
        synchronized (this) {
            if (closed) {
                return;
            }
            before = value;
            try {
                read();
            } catch (ApiException e) {
                retryLater();
                return;
            }
            if (java.util.Objects.equals(before, value)) {
                return;
            }
        }
        changed.run();
    }

    private void retryLater() {
        runtime.schedule(RETRY, () -> runtime.start("object " + key, this::recover));
    }

    private final class Follower implements ApiClient.WatchListener<T> {
        @Override
        public void onAdded(T object) {
            set(object);
        }

        @Override
        public void onModified(T object) {
            set(object);
        }

        @Override
        public void onDeleted(T last) {
            set(null);
        }

        @Override
        public void onBookmark(String resourceVersion) {}

        @Override
        public void onEnd(ApiException error) {
            retryLater();
        }
    }
}
