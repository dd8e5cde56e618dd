package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.RangeRequest.Want;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** All versions of all keys since the last compaction. Not thread-safe. */
final class History {
    private static final byte[] TO_THE_LAST = {0};

    private final TreeMap<byte[], Versions> keys = new TreeMap<>(Arrays::compareUnsigned);
    /** What happened at revision {@code firstRevision + i}. */
    private ArrayList<List<StoreEvent>> log = new ArrayList<>();

    private long firstRevision = 2;
    /** An empty etcd is at revision 1. */
    private long revision = 1;

    private long compacted;

    /** The versions of one key, oldest first; a deletion is one with a null value. */
    private static final class Versions extends ArrayDeque<KeyValue> {
        private static final long serialVersionUID = 1;

        KeyValue at(long revision) {
            for (Iterator<KeyValue> newestFirst = descendingIterator(); newestFirst.hasNext(); ) {
                KeyValue version = newestFirst.next();
                if (version.modRevision() <= revision) {
                    return version.value() == null ? null : version;
                }
            }
            return null;
        }
    }

    long revision() {
        return revision;
    }

    long compacted() {
        return compacted;
    }

    KeyValue current(ByteString key) {
        Versions versions = keys.get(key.toByteArray());
        return versions == null || versions.getLast().value() == null ? null : versions.getLast();
    }

    /** The events all have the next revision. */
    void append(List<StoreEvent> events) {
        revision++;
        log.add(events);
        for (StoreEvent event : events) {
            KeyValue version = switch (event) {
                case StoreEvent.Put put -> put.entry();
                case StoreEvent.Delete delete -> new KeyValue(delete.key(), null, 0, delete.revision(), 0);
            };
            keys.computeIfAbsent(event.key().toByteArray(), k -> new Versions()).add(version);
        }
    }

    Collection<List<StoreEvent>> since(long start) {
        int from = (int) Math.min(Math.max(0, start - firstRevision), log.size());
        return List.copyOf(log.subList(from, log.size()));
    }

    RangeResult range(RangeRequest request) {
        if (request.revision() > revision) {
            throw new StoreException(
                    StoreException.Kind.FUTURE_REVISION, "etcdserver: mvcc: required revision is a future revision");
        }
        if (request.revision() != 0 && request.revision() < compacted) {
            throw MemoryStore.compacted();
        }
        long at = request.revision() == 0 ? revision : request.revision();
        List<KeyValue> entries = new ArrayList<>();
        long count = 0;
        for (Versions versions : select(request)) {
            KeyValue version = versions.at(at);
            if (version == null) {
                continue;
            }
            count++;
            if (request.want() != Want.COUNT && (request.limit() == 0 || entries.size() < request.limit())) {
                entries.add(request.want() == Want.KEYS ? withoutValue(version) : version);
            }
        }
        boolean more = request.want() != Want.COUNT && count > entries.size();
        return new RangeResult(List.copyOf(entries), more, count, revision);
    }

    /** A range at the compacted revision still works: what was newest then is kept. */
    void compact(long at) {
        compacted = at;
        for (Iterator<Versions> each = keys.values().iterator(); each.hasNext(); ) {
            Versions versions = each.next();
            while (versions.size() > 1 && secondOldest(versions).modRevision() <= at) {
                versions.removeFirst();
            }
            if (versions.getFirst().value() == null && versions.getFirst().modRevision() <= at) {
                versions.removeFirst();
            }
            if (versions.isEmpty()) {
                each.remove();
            }
        }
        int forgotten = (int) Math.max(0, at - firstRevision);
        log = new ArrayList<>(log.subList(forgotten, log.size()));
        firstRevision += forgotten;
    }

    private Collection<Versions> select(RangeRequest request) {
        byte[] start = request.start().toByteArray();
        byte[] end = request.end().toByteArray();
        if (end.length == 0) {
            Versions one = keys.get(start);
            return one == null ? List.of() : List.of(one);
        }
        return Arrays.equals(end, TO_THE_LAST)
                ? keys.tailMap(start, true).values()
                : keys.subMap(start, true, end, false).values();
    }

    private static KeyValue secondOldest(Versions versions) {
        Iterator<KeyValue> oldestFirst = versions.iterator();
        oldestFirst.next();
        return oldestFirst.next();
    }

    private static KeyValue withoutValue(KeyValue entry) {
        return new KeyValue(
                entry.key(), ByteString.EMPTY, entry.createRevision(), entry.modRevision(), entry.leaseId());
    }
}
