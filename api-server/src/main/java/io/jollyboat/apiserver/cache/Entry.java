package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.lang.ref.SoftReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One version of one object, immutable but for what it remembers: it holds the stored bytes, decodes when asked, and is
 * encoded once per format, for all lists and watches. Thread-safe.
 */
public final class Entry {
    private static final EntryEncoder JSON = entry -> entry.resource.codec().json(entry.body, entry.revision);

    private final StoredResource resource;
    private final String key;
    private final ByteString body;
    private final long revision;
    private final long createRevision;
    private final String uid;
    private final Map<String, String> labels;
    private final Map<String, Collection<String>> indexed;

    /** The decoded object while it is likely to be asked for. */
    private volatile Message hot;

    /** See {@link #cool()}. */
    private volatile boolean cold;

    private volatile Encoded encodings;

    /** What was encoded so far: few, so a list. The monitor is held while encoding: others want just these bytes. */
    private static final class Encoded {
        private final EntryEncoder encoder;
        private final Encoded next;
        private SoftReference<byte[]> bytes = new SoftReference<>(null);

        private Encoded(EntryEncoder encoder, Encoded next) {
            this.encoder = encoder;
            this.next = next;
        }

        private synchronized byte[] get(Entry entry) {
            byte[] remembered = bytes.get();
            if (remembered == null) {
                remembered = encoder.encode(entry);
                bytes = new SoftReference<>(remembered);
            }
            return remembered;
        }
    }

    private Entry(
            StoredResource resource,
            String key,
            ByteString body,
            long revision,
            long createRevision,
            String uid,
            Map<String, String> labels,
            Map<String, Collection<String>> indexed) {
        this.resource = resource;
        this.key = key;
        this.body = body;
        this.revision = revision;
        this.createRevision = createRevision;
        this.uid = uid;
        this.labels = labels;
        this.indexed = indexed;
    }

    /** @param object the body, decoded; its resourceVersion does not matter */
    static Entry of(
            StoredResource resource, String key, ByteString body, Message object, long revision, long createRevision) {
        ObjectMeta meta = resource.codec().meta(object);
        return new Entry(
                resource,
                key,
                body,
                revision,
                createRevision,
                meta.getUid(),
                meta.getLabelsCount() == 0 ? Map.of() : Map.copyOf(meta.getLabelsMap()),
                index(resource, object));
    }

    /** Decodes the body. */
    static Entry of(StoredResource resource, String key, ByteString body, long revision, long createRevision) {
        Message object = resource.codec().decode(body, revision);
        Entry entry = of(resource, key, body, object, revision, createRevision);
        entry.hot = object;
        return entry;
    }

    /** The same object as of a later revision: that of its deletion. */
    Entry at(long laterRevision) {
        Entry entry = new Entry(resource, key, body, laterRevision, createRevision, uid, labels, indexed);
        entry.cold = true;
        return entry;
    }

    private static Map<String, Collection<String>> index(StoredResource resource, Message object) {
        if (resource.indexes().isEmpty()) {
            return Map.of();
        }
        Map<String, Collection<String>> indexed = new HashMap<>();
        resource.indexes().forEach((name, values) -> indexed.put(name, values.apply(object)));
        return Map.copyOf(indexed);
    }

    public StoredResource resource() {
        return resource;
    }

    /** The key after the resource's prefix: {@code namespace/name} or {@code name}. */
    public String key() {
        return key;
    }

    /** Empty for cluster-scoped objects. */
    public String namespace() {
        return resource.namespaced() ? key.substring(0, key.indexOf('/')) : "";
    }

    public String name() {
        return key.substring(key.indexOf('/') + 1);
    }

    public String uid() {
        return uid;
    }

    public Map<String, String> labels() {
        return labels;
    }

    /** The values under which an index has the object. */
    public Collection<String> indexed(String index) {
        return indexed.getOrDefault(index, List.of());
    }

    /** The resourceVersion. */
    public long revision() {
        return revision;
    }

    public long createRevision() {
        return createRevision;
    }

    /** The object with its resourceVersion. Decoded anew when it was not used for a while. */
    public Message object() {
        Message decoded = hot;
        if (decoded == null) {
            decoded = resource.codec().decode(body, revision);
            hot = cold ? null : decoded;
        }
        return decoded;
    }

    public ObjectMeta meta() {
        return resource.codec().meta(object());
    }

    /** The stored bytes: without resourceVersion. */
    public ByteString body() {
        return body;
    }

    /** The protobuf message with its resourceVersion. */
    public ByteString protobuf() {
        return resource.codec().protobuf(body, revision);
    }

    /** How many bytes {@link #protobuf} gives; costs less than making them. */
    public int protobufSize() {
        return resource.codec().protobufSize(body, revision);
    }

    /** {@code {"metadata":{…},…}}, with resourceVersion, without kind and apiVersion. Not to be changed. */
    public byte[] json() {
        return encoded(JSON);
    }

    /** The bytes that the encoder makes of this entry, remembered while memory lasts. Encoders are few and long-lived. */
    public byte[] encoded(EntryEncoder encoder) {
        return encoding(encoder).get(this);
    }

    private Encoded encoding(EntryEncoder encoder) {
        Encoded found = find(encoder);
        if (found != null) {
            return found;
        }
        synchronized (this) {
            found = find(encoder);
            if (found == null) {
                found = new Encoded(encoder, encodings);
                encodings = found;
            }
            return found;
        }
    }

    private Encoded find(EntryEncoder encoder) {
        Encoded at = encodings;
        while (at != null && !at.encoder.equals(encoder)) {
            at = at.next;
        }
        return at;
    }

    /** Lets the decoded object go: it takes several times the memory of its bytes. */
    public void cool() {
        cold = true;
        hot = null;
    }

    @Override
    public String toString() {
        return resource.prefix() + key + "@" + revision;
    }
}
