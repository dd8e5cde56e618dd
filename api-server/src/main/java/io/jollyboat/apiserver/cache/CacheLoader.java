package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.RangeResult;
import io.jollyboat.apiserver.storage.UnreadableValue;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads all objects of a resource at one revision, in pages, as often as it takes. */
final class CacheLoader {
    private static final Log LOG = Log.of(CacheLoader.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int PAGE = 500;

    private final KeyValueStore store;
    private final StoredResource resource;
    private final Runtime runtime;
    private final Consumer<Entry> reader;

    /** @param reader sees every entry while it is decoded */
    CacheLoader(KeyValueStore store, StoredResource resource, Runtime runtime, Consumer<Entry> reader) {
        this.store = store;
        this.resource = resource;
        this.runtime = runtime;
        this.reader = reader;
    }

    /** What was read. */
    interface Result {
        /** @param unreadable why, by key */
        void accept(List<Entry> entries, Map<String, String> unreadable, long revision);
    }

    /** Blocks until the result was delivered or is no longer wanted. */
    void load(BooleanSupplier wanted, Result result) {
        while (wanted.getAsBoolean()) {
            try {
                read(result);
                return;
            } catch (ApiException e) {
                LOG.warn("a cache cannot be filled", "resource", resource, "reason", e.getMessage());
            }
            try {
                runtime.sleep(RETRY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void read(Result result) {
        RangeRequest request =
                RangeRequest.prefix(ByteString.copyFromUtf8(resource.prefix())).limit(PAGE);
        List<Entry> entries = new ArrayList<>();
        Map<String, String> unreadable = new HashMap<>();
        RangeResult page = CacheErrors.join(store.range(request));
        long revision = page.revision();
        while (page.more()) {
            ByteString last = page.entries().getLast().key();
            request = request.from(last.concat(ByteString.copyFrom(new byte[] {0})))
                    .at(revision);
            // The next page comes while this one is read.
            CompletableFuture<RangeResult> next = store.range(request);
            add(page, entries, unreadable);
            page = CacheErrors.join(next);
        }
        add(page, entries, unreadable);
        result.accept(entries, unreadable, revision);
    }

    private void add(RangeResult page, List<Entry> entries, Map<String, String> unreadable) {
        for (KeyValue stored : page.entries()) {
            String why = UnreadableValue.reason(stored.value());
            if (why != null) {
                unreadable.put(EntryReader.key(resource, stored), why);
                continue;
            }
            Entry entry = EntryReader.read(resource, EntryReader.key(resource, stored), stored);
            if (entry != null) {
                reader.accept(entry);
                entry.cool();
                entries.add(entry);
            }
        }
    }
}
