package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.RangeRequest.Want;
import io.jollyboat.apiserver.storage.RangeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A revision that is older than what the cache keeps, read from the store as far as it is asked for. */
final class StoreView implements CacheView {
    private static final int PAGE = 500;

    private final KeyValueStore store;
    private final StoredResource resource;
    private final long revision;

    private StoreView(KeyValueStore store, StoredResource resource, long revision) {
        this.store = store;
        this.resource = resource;
        this.revision = revision;
    }

    /** Throws ApiException 410 when the store does not have the revision any more. */
    static StoreView open(KeyValueStore store, StoredResource resource, long revision) {
        StoreView view = new StoreView(store, resource, revision);
        view.range(view.request("", "").want(Want.COUNT));
        return view;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Entry get(String key) {
        RangeResult found = range(RangeRequest.key(ByteString.copyFromUtf8(resource.prefix() + key))
                .at(revision));
        return found.entries().isEmpty()
                ? null
                : EntryReader.read(resource, key, found.entries().getFirst());
    }

    @Override
    public Page page(String namespace, String startKey, int limit, Predicate<Entry> filter) {
        List<Entry> entries = new ArrayList<>();
        RangeRequest request = request(namespace, startKey).limit(PAGE);
        while (true) {
            RangeResult part = range(request);
            long left = part.count();
            for (KeyValue stored : part.entries()) {
                String key = EntryReader.key(resource, stored);
                Entry entry = EntryReader.read(resource, key, stored);
                if (entry != null && filter.test(entry)) {
                    if (limit > 0 && entries.size() == limit) {
                        return new Page(entries, key, left);
                    }
                    entries.add(entry);
                }
                left--;
            }
            if (!part.more()) {
                return new Page(entries, "", 0);
            }
            ByteString last = part.entries().getLast().key();
            request = request.from(last.concat(ByteString.copyFrom(new byte[] {0})));
        }
    }

    private RangeRequest request(String namespace, String startKey) {
        String prefix = resource.prefix() + (namespace.isEmpty() ? "" : namespace + "/");
        String start = resource.prefix() + startKey;
        return RangeRequest.prefix(ByteString.copyFromUtf8(prefix))
                .from(ByteString.copyFromUtf8(start.compareTo(prefix) > 0 ? start : prefix))
                .at(revision);
    }

    private RangeResult range(RangeRequest request) {
        return CacheErrors.join(store.range(request));
    }
}
