package io.jollyboat.informer;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A read-only view of one collection, and its changes. Reads never block and are thread-safe. Handlers are called in
 * order, one at a time, after the cache has the change; they must not block for long. Objects come without their
 * managedFields, which few read and which take half the memory.
 */
public interface Informer<T extends Message> {
    ResourceType<T> type();

    /** The object, or null. */
    T get(ObjectKey key);

    /** All objects, in no order; an unmodifiable view that changes with the cache. */
    Collection<T> list();

    /** The objects of one namespace. */
    Collection<T> list(String namespace);

    /**
     * Adds an index before the start.
     *
     * @param values what the object is found under; may be empty
     */
    void addIndex(String index, Function<T, List<String>> values);

    /** The objects that the index has under the value. */
    Collection<T> byIndex(String index, String value);

    /** Present objects are reported as additions, on the caller's thread, when added after the start. */
    void addHandler(ChangeHandler<T> handler);

    /** The first list is in the cache and was handed to the handlers. */
    boolean hasSynced();

    /** Waits for {@link #hasSynced}. */
    void awaitSync() throws InterruptedException;

    /**
     * The resourceVersion that the cache has reached, by events, bookmarks or a list; 0 before the first list. Versions
     * of all kinds come from one counter.
     */
    long resourceVersion();

    /** One change of an object: created when {@code before} is null, deleted when {@code after} is null. */
    @FunctionalInterface
    interface ChangeHandler<T> {
        void onChange(T before, T after);
    }
}
