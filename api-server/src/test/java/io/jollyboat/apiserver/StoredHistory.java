package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.codec.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** All writes of some ConfigMaps in the order of their revisions, as the store itself tells them. */
record StoredHistory(List<Write> writes) {
    /**
     * One write. A deletion has an empty value, and the uid of what it deleted.
     *
     * @param value the label by which a test knows its write
     * @param replaced revision of the version before, 0 for none
     */
    record Write(long revision, String key, String value, String uid, long replaced) {}

    /** @param prefix of keys, such as {@code /registry/configmaps/default/k} */
    static StoredHistory read(KeyValueStore store, String prefix, long after) {
        List<Write> writes = new ArrayList<>();
        Map<String, Write> last = new TreeMap<>();
        long now = store.currentRevision().join();
        CountDownLatch over = new CountDownLatch(1);
        KeyValueStore.Watch watch = store.watch(ByteString.EMPTY, after + 1, new WatchListener() {
            @Override
            public void onEvents(List<StoreEvent> events) {
                for (StoreEvent event : events) {
                    String path = event.key().toStringUtf8();
                    if (path.startsWith(prefix) && event.revision() <= now) {
                        String key = path.substring(path.lastIndexOf('/') + 1);
                        writes.add(write(event, key, last.get(key)));
                        last.put(key, writes.getLast());
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
        return new StoredHistory(List.copyOf(writes));
    }

    private static Write write(StoreEvent event, String key, Write before) {
        boolean there = before != null && !before.value.isEmpty();
        return switch (event) {
            case StoreEvent.Delete delete ->
                new Write(delete.revision(), key, "", there ? before.uid : "", there ? before.revision : 0);
            case StoreEvent.Put put -> {
                ObjectMeta meta = meta(put);
                yield new Write(
                        put.revision(),
                        key,
                        meta.getLabelsOrDefault("linear", ""),
                        meta.getUid(),
                        there ? before.revision : 0);
            }
        };
    }

    private static ObjectMeta meta(StoreEvent.Put put) {
        try {
            byte[] value = put.entry().value().toByteArray();
            return ConfigMap.parseFrom(Envelope.unwrap(value).getRaw()).getMetadata();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The version of each key that there is at a revision, by key. */
    Map<String, Write> at(long revision) {
        Map<String, Write> state = new TreeMap<>();
        for (Write write : writes) {
            if (write.revision <= revision) {
                if (write.value.isEmpty()) {
                    state.remove(write.key);
                } else {
                    state.put(write.key, write);
                }
            }
        }
        return state;
    }

    /** The revisions that a key had at some time from one revision to the other, 0 where there was none. */
    List<Long> versions(String key, long from, long to) {
        List<Long> versions = new ArrayList<>();
        Write first = at(from).get(key);
        versions.add(first == null ? 0 : first.revision);
        for (Write write : writes) {
            if (write.key.equals(key) && write.revision > from && write.revision <= to) {
                versions.add(write.value.isEmpty() ? 0 : write.revision);
            }
        }
        return versions;
    }

    List<Write> between(long after, long to) {
        return writes.stream()
                .filter(write -> write.revision > after && write.revision <= to)
                .toList();
    }
}
