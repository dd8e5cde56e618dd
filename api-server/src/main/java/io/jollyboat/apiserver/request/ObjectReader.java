package io.jollyboat.apiserver.request;

import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.apiserver.cache.CacheView;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.errors.ApiException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Gets, lists and watches, with upstream's meaning of resourceVersion. */
final class ObjectReader {
    private static final Duration FRESHNESS_TIMEOUT = Duration.ofSeconds(3);

    private static final String EXPIRED_CONTINUE = "The provided continue parameter is too old to display a consistent"
            + " list result. You can start a new list without the continue parameter, or use the continue token in"
            + " this response to retrieve the remainder of the results. Continuing with the provided token results"
            + " in an inconsistent list - objects that were created, modified, or deleted between the time the first"
            + " chunk was returned and now may show up in the list.";

    private final ObjectStorages storages;

    ObjectReader(ObjectStorages storages) {
        this.storages = storages;
    }

    /** @param resourceVersion empty for the newest state, else one that is not older */
    Entry get(Target target, String resourceVersion) {
        ResourceCache cache = cache(target);
        fresh(cache, resourceVersion);
        Entry entry = cache.get(target.key());
        if (entry == null) {
            throw ApiException.notFound(target.type(), target.name());
        }
        return entry;
    }

    private static void fresh(ResourceCache cache, String resourceVersion) {
        if (resourceVersion.isEmpty()) {
            await(cache.awaitCurrent());
        } else {
            long revision = plainRevision(resourceVersion);
            if (revision > 0) {
                await(cache.awaitRevision(revision, FRESHNESS_TIMEOUT));
            }
        }
    }

    ListPage list(Target target, ListQuery query) {
        Selection selection = Selection.of(target.type(), query);
        ResourceCache cache = cache(target);
        String name = target.name().isEmpty() ? selection.name() : target.name();
        if (!query.continueToken().isEmpty()) {
            return next(target, cache, query, selection);
        }
        CacheView view = view(cache, query);
        if (!name.isEmpty() && !target.namespace().isEmpty()) {
            return single(target, view, name, selection);
        }
        // Upstream ignores the limit of a list that any state will do for.
        long limit = query.resourceVersion().equals("0") ? 0 : query.limit();
        return page(target, view, "", limit, selection);
    }

    private static CacheView view(ResourceCache cache, ListQuery query) {
        String version = query.resourceVersion();
        if (version.isEmpty()) {
            await(cache.awaitCurrent());
            return cache.snapshot();
        }
        long revision = listRevision(version);
        boolean exact = query.resourceVersionMatch().equals("Exact")
                || (query.resourceVersionMatch().isEmpty() && query.limit() > 0 && revision > 0);
        if (revision > 0) {
            await(cache.awaitRevision(revision, FRESHNESS_TIMEOUT));
        }
        return exact ? cache.snapshotAt(revision) : cache.snapshot();
    }

    private static ListPage single(Target target, CacheView view, String name, Selection selection) {
        Entry entry = view.get(target.key(name));
        boolean shown = entry != null && selection.filter().test(entry);
        return new ListPage(shown ? java.util.List.of(entry) : java.util.List.of(), view.revision(), "", -1);
    }

    private static ListPage next(Target target, ResourceCache cache, ListQuery query, Selection selection) {
        ContinueToken token = ContinueToken.decode(query.continueToken());
        if (!query.resourceVersion().isEmpty() && !query.resourceVersion().equals("0")) {
            throw ApiException.badRequest("specifying resource version is not allowed when using continue");
        }
        CacheView view;
        if (token.revision() < 0) {
            await(cache.awaitCurrent());
            view = cache.snapshot();
        } else {
            try {
                view = cache.snapshotAt(token.revision());
            } catch (ApiException e) {
                throw e.isGone() ? expired(token) : e;
            }
        }
        String start = token.start().substring(1);
        String startKey = target.namespace().isEmpty() ? start : target.namespace() + "/" + start;
        return page(target, view, startKey, query.limit(), selection);
    }

    private static ApiException expired(ContinueToken token) {
        ContinueToken fresh = new ContinueToken(ContinueToken.INCONSISTENT, token.start());
        ApiException plain = ApiException.of(410, "Expired", EXPIRED_CONTINUE);
        return new ApiException(plain.status().toBuilder()
                .setMetadata(ListMeta.newBuilder().setContinue(fresh.encode()))
                .build());
    }

    private static ListPage page(Target target, CacheView view, String startKey, long limit, Selection selection) {
        CacheView.Page page =
                view.page(target.namespace(), startKey, (int) Math.min(limit, Integer.MAX_VALUE), selection.filter());
        if (page.nextKey().isEmpty()) {
            return new ListPage(page.entries(), view.revision(), "", -1);
        }
        String last = page.entries().getLast().key();
        String below = target.namespace().isEmpty()
                ? last
                : last.substring(target.namespace().length() + 1);
        return new ListPage(
                page.entries(),
                view.revision(),
                ContinueToken.after(view.revision(), below).encode(),
                selection.everything() ? page.remaining() : -1);
    }

    /** What goes wrong before the first event and should be told as one: 410 and 504. */
    CacheWatch watch(Target target, ListQuery query) {
        Selection selection = Selection.of(target.type(), query);
        ResourceCache cache = cache(target);
        String name = target.name().isEmpty() ? selection.name() : target.name();
        WatchScope scope = new WatchScope(
                target.namespace(),
                name,
                selection.indexName(),
                selection.indexValue(),
                selection.filter(),
                query.bookmarks());
        String version = query.resourceVersion();
        long revision = plainRevision(version);
        if (Boolean.TRUE.equals(query.sendInitialEvents())) {
            if (revision > 0) {
                await(cache.awaitRevision(revision, FRESHNESS_TIMEOUT));
            } else if (version.isEmpty()) {
                await(cache.awaitCurrent());
            }
            return cache.watchFromNow(scope, query.bookmarks());
        }
        if (revision > 0) {
            return cache.watch(revision, scope);
        }
        if (version.isEmpty()) {
            await(cache.awaitCurrent());
        }
        return query.sendInitialEvents() == null
                ? cache.watchFromNow(scope, false)
                : cache.watch(cache.snapshot().revision(), scope);
    }

    private ResourceCache cache(Target target) {
        return storages.of(target.type()).cache();
    }

    private static long listRevision(String text) {
        return parse(text, why -> ApiException.badRequest("invalid resource version: " + why));
    }

    private static long plainRevision(String text) {
        return text.isEmpty() ? 0 : parse(text, why -> ApiException.of(500, "", why));
    }

    private static long parse(String text, java.util.function.Function<String, ApiException> failure) {
        try {
            if (text.startsWith("-") || text.startsWith("+")) {
                throw new NumberFormatException(text);
            }
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw failure.apply("resourceVersion: Invalid value: \"" + text + "\": strconv.ParseUint: parsing \"" + text
                    + "\": invalid syntax");
        }
    }

    /** Waits on a virtual thread, without a limit of its own: store and cache have theirs, and timers cost. */
    private static void await(CompletableFuture<Void> future) {
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return;
        }
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException known) {
                throw known;
            }
            throw ApiException.internal(String.valueOf(e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.of(503, "ServiceUnavailable", "the server is shutting down");
        }
    }
}
