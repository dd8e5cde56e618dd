package io.jollyboat.apiserver.cache;

import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.UnreadableValue;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All objects of one resource, a little behind the store. Thread-safe; reads take no lock. While it is not filled yet,
 * reads fail with 429 as upstream's do; while it is filled anew, they see the last state.
 */
public final class ResourceCache {
    private static final Log LOG = Log.of(ResourceCache.class);

    private final StoredResource resource;
    private final KeyValueStore store;
    private final StoreFeed feed;
    private final RevisionWaits waits;
    private final Runtime runtime;
    private final ResourceMetrics metrics;
    private final Watches watches;
    private final QueuedWatch.Keeper keeper = new WatchKeeper();
    private final EntryIndex index = new EntryIndex();
    private final History history = new History();

    /** Objects this server wrote, by revision, whose events are still to come. */
    private final Map<Long, Entry> written = new ConcurrentHashMap<>();

    /** Why, by key; whoever reads one of them, or all, is told. */
    private final Map<String, String> unreadable = new ConcurrentHashMap<>();

    private final List<Consumer<Entry>> readers = new CopyOnWriteArrayList<>();

    private volatile CacheState state = CacheState.EMPTY;
    private volatile CompletableFuture<Void> filled = new CompletableFuture<>();
    /** What happens while the cache is being filled; null when it is not. */
    private List<Runnable> pending;

    private int generation;

    ResourceCache(
            StoredResource resource,
            KeyValueStore store,
            StoreFeed feed,
            RevisionProbe probe,
            Runtime runtime,
            ResourceMetrics metrics) {
        this.metrics = metrics;
        this.resource = resource;
        this.store = store;
        this.feed = feed;
        this.runtime = runtime;
        this.watches = new Watches(resource, runtime);
        this.waits = new RevisionWaits(feed, probe, runtime, () -> state, () -> filled);
    }

    public StoredResource resource() {
        return resource;
    }

    /** The newest state the cache knows. Null when there is none. */
    public Entry get(String key) {
        CacheState now = readable();
        if (!unreadable.isEmpty() && unreadable.containsKey(key)) {
            throw ApiException.internal(unreadable.get(key));
        }
        return SortedTree.get(now.tree(), key);
    }

    /** How many objects there are, about. */
    public int size() {
        return SortedTree.size(readable().tree());
    }

    /** Another object after every change; for those who derive something of all objects and keep it. */
    public Object state() {
        return readable();
    }

    /** All objects at the newest revision the cache knows. */
    public CacheView snapshot() {
        // In this order: all that the feed had handed out by then is in the state.
        long fed = feed.revision();
        CacheState now = whole();
        return new TreeView(now.standing(fed), now.tree());
    }

    /**
     * All objects at exactly that revision: from the retained window, else from the store.
     *
     * @throws ApiException 410 when the store has compacted it, 504 when it is still to come
     */
    public CacheView snapshotAt(long revision) {
        long current = snapshot().revision();
        if (revision > current) {
            throw CacheErrors.tooLarge(revision, current);
        }
        List<Change> since;
        SortedTree tree;
        synchronized (this) {
            CacheView past = history.view(revision);
            if (past != null) {
                return past;
            }
            if (!state.live() || !history.reaches(revision)) {
                return StoreView.open(store, resource, revision);
            }
            since = history.since(revision);
            tree = state.tree();
        }
        CacheView past = new TreeView(revision, History.undone(tree, since));
        synchronized (this) {
            history.keep(past);
        }
        return past;
    }

    /** The store has forgotten all before the revision. */
    synchronized void compacted(long revision) {
        history.compacted(revision);
    }

    /** The entries of an index at the newest revision, in the order of keys. */
    public List<Entry> byIndex(String indexName, String value) {
        whole();
        return index.get(indexName, value);
    }

    /** Completes when the cache has reached the revision; fails with ApiException 504 as upstream words it. */
    public CompletableFuture<Void> awaitRevision(long revision, Duration timeout) {
        return waits.awaitRevision(revision, timeout);
    }

    /**
     * Completes when the cache holds every write that was acknowledged before the call, by any API server: what makes a
     * following read linearizable. Concurrent callers share one question to the store.
     */
    public CompletableFuture<Void> awaitCurrent() {
        return waits.awaitCurrent();
    }

    /**
     * Starts a watch with the first event after the revision.
     *
     * @throws ApiException 410 when that is too long ago
     */
    public synchronized CacheWatch watch(long sinceRevision, WatchScope scope) {
        requireLive();
        if (sinceRevision < history.startsAfter()) {
            throw CacheErrors.tooOld(sinceRevision, history.startsAfter());
        }
        Backlog backlog = new Backlog(history.since(sinceRevision).iterator(), scope);
        return watches.open(scope, sinceRevision, backlog, keeper);
    }

    /**
     * Starts a watch with the current objects as ADDED events; then INITIAL_EVENTS_END where asked for; then what
     * happens after. Wait for the revision wanted before the call.
     */
    public synchronized CacheWatch watchFromNow(WatchScope scope, boolean initialEventsEnd) {
        requireLive();
        return watches.open(scope, 0, new InitialEvents(snapshot(), scope, initialEventsEnd), keeper);
    }

    private synchronized void unregister(QueuedWatch watch, boolean tooSlow) {
        watches.remove(watch);
        if (tooSlow) {
            metrics.watcherTerminated();
        }
    }

    private synchronized void bookmark(QueuedWatch watch) {
        if (state.live() && watch.scope().bookmarks()) {
            watch.offer(new CacheEvent(CacheEvent.Type.BOOKMARK, null, waits.standing()));
        }
    }

    private final class WatchKeeper implements QueuedWatch.Keeper {
        @Override
        public void ended(QueuedWatch watch, boolean tooSlow) {
            unregister(watch, tooSlow);
        }

        @Override
        public void bookmark(QueuedWatch watch) {
            ResourceCache.this.bookmark(watch);
        }
    }

    /** Whether the cache holds what the store held when it last began to fill, and follows it. */
    boolean isLive() {
        return state.live();
    }

    /** Completes when the cache is filled. */
    public CompletableFuture<Void> filled() {
        return filled;
    }

    /**
     * Shows each entry that is read while the cache is being filled, on the thread that reads, when it is decoded anyhow.
     * Not all of them need become part of the cache.
     */
    public void onRead(Consumer<Entry> reader) {
        readers.add(reader);
    }

    /** Sends a bookmark to the watches whose last one is a while ago. */
    synchronized void bookmarks() {
        if (state.live()) {
            watches.bookmark(waits.standing());
        }
    }

    /**
     * Makes an object this server wrote known before its event comes, so that it is not decoded and encoded twice.
     * Returns the entry that stands for that version.
     */
    Entry adopt(Entry entry) {
        written.put(entry.revision(), entry);
        if (!waits.reached(entry.revision())) {
            return entry;
        }
        written.remove(entry.revision());
        Entry cached = SortedTree.get(state.tree(), entry.key());
        return cached != null && cached.revision() == entry.revision() ? cached : entry;
    }

    /** Called by the feed, in the order of revisions. */
    synchronized void apply(String key, StoreEvent event) {
        if (state.live()) {
            change(key, event);
        } else if (pending != null) {
            pending.add(() -> {
                if (event.revision() > state.revision()) {
                    change(key, event);
                }
            });
        }
    }

    /** The store cannot say what happened next: keeps the state, ends the watches. */
    synchronized void freeze() {
        generation++;
        pending = null;
        if (state.live()) {
            // First this: who sees the cache frozen waits for it.
            filled = new CompletableFuture<>();
            state = new CacheState(state.tree(), waits.standing(), false);
        }
        watches.endAll(null);
    }

    /** What the bytes mean has changed: decodes everything anew, and ends the watches. */
    synchronized void renew() {
        if (!state.live()) {
            return; // the loader reads with what holds now
        }
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : new TreeView(state.revision(), state.tree()).list("")) {
            entries.add(Entry.of(resource, entry.key(), entry.body(), entry.revision(), entry.createRevision()));
            entries.getLast().cool();
        }
        long standing = waits.standing();
        history.restart(standing);
        written.clear();
        index.fill(resource, entries);
        state = new CacheState(SortedTree.of(entries), standing, true);
        watches.endAll(null);
    }

    /** Looks again at what could not be read. */
    void retryUnreadable() {
        if (!unreadable.isEmpty()) {
            freeze();
            load();
        }
    }

    /** Nobody serves the resource any more: whoever waits for the cache is told to come back. */
    void retire() {
        freeze();
        filled.completeExceptionally(CacheErrors.notReady());
    }

    /** Fills the cache from the store, in the background. */
    void load() {
        int loading;
        synchronized (this) {
            if (state.live() || pending != null) {
                return;
            }
            pending = new ArrayList<>();
            loading = generation;
        }
        runtime.start(
                "load " + resource.prefix(),
                () -> new CacheLoader(store, resource, runtime, entry -> readers.forEach(r -> r.accept(entry)))
                        .load(
                                () -> isLoading(loading),
                                (entries, lost, revision) -> fill(entries, lost, revision, loading)));
    }

    private synchronized boolean isLoading(int loading) {
        return generation == loading;
    }

    private void fill(List<Entry> entries, Map<String, String> lost, long revision, int loading) {
        synchronized (this) {
            if (generation != loading) {
                return;
            }
            SortedTree tree = SortedTree.of(entries);
            history.restart(revision);
            written.clear();
            index.fill(resource, entries);
            unreadable.clear();
            unreadable.putAll(lost);
            state = new CacheState(tree, revision, false);
            pending.forEach(Runnable::run);
            pending = null;
            state = new CacheState(state.tree(), state.revision(), true);
            metrics.filled(SortedTree.size(state.tree()));
        }
        LOG.debug("cache filled", "resource", resource, "objects", entries.size(), "revision", revision);
        filled.complete(null);
    }

    private void change(String key, StoreEvent event) {
        String why = event instanceof StoreEvent.Put put
                ? UnreadableValue.reason(put.entry().value())
                : null;
        if (why != null && !written.containsKey(event.revision())) {
            lose(key, why, event.revision());
            return;
        }
        if (!unreadable.isEmpty()) {
            unreadable.remove(key);
        }
        Entry before = SortedTree.get(state.tree(), key);
        Entry after = switch (event) {
            case StoreEvent.Put put -> entry(key, put);
            case StoreEvent.Delete delete -> null;
        };
        SortedTree tree = after == null ? SortedTree.remove(state.tree(), key) : SortedTree.put(state.tree(), after);
        if (before != null || after != null) {
            index.change(before, after);
            Change change = new Change(before, after, event.revision());
            history.add(change, runtime.nanoTime());
            state = new CacheState(tree, event.revision(), state.live());
            metrics.changed(SortedTree.size(tree));
            watches.offer(change);
        }
    }

    /** Whoever watches does not hear that it is gone, since it is not. */
    private void lose(String key, String why, long revision) {
        unreadable.put(key, why);
        Entry before = SortedTree.get(state.tree(), key);
        if (before != null) {
            index.change(before, null);
        }
        history.restart(revision);
        state = new CacheState(SortedTree.remove(state.tree(), key), revision, state.live());
        watches.endAll(null);
    }

    private Entry entry(String key, StoreEvent.Put put) {
        Entry own = written.isEmpty() ? null : written.remove(put.revision());
        if (own != null && own.key().equals(key)) {
            return own;
        }
        return EntryReader.read(resource, key, put.entry());
    }

    private CacheState readable() {
        CacheState now = state;
        if (now.revision() == 0) {
            throw CacheErrors.notReady();
        }
        return now;
    }

    /** What is known, where that is all there is. */
    private CacheState whole() {
        CacheState now = readable();
        if (!unreadable.isEmpty()) {
            throw ApiException.internal(
                    unreadable.values().stream().sorted().findFirst().orElse("an object cannot be read"));
        }
        return now;
    }

    private void requireLive() {
        if (!state.live()) {
            throw CacheErrors.notReady();
        }
    }
}
