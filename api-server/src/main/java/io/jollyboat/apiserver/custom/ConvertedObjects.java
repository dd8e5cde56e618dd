package io.jollyboat.apiserver.custom;

import io.jollyboat.api.custom.CustomObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a webhook has made of one definition's objects, so that an object is sent to it once per version and not with each
 * look. The least recently used go when they take too much room; all go with the definition's change.
 */
final class ConvertedObjects {
    private static final long LIMIT_BYTES = 8L * 1024 * 1024;

    private final Map<Key, CustomObject> objects = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** One state of an object, in another version. */
    record Key(String uid, long revision, String version) {}

    synchronized CustomObject get(Key key) {
        return objects.get(key);
    }

    synchronized void put(Key key, CustomObject object) {
        CustomObject before = objects.put(key, object);
        bytes += object.getSerializedSize() - (before == null ? 0 : before.getSerializedSize());
        var oldest = objects.entrySet().iterator();
        while (bytes > LIMIT_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().getValue().getSerializedSize();
            oldest.remove();
        }
    }
}
