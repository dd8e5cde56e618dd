package io.jollyboat.kubelet.volumes;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.KeyToPath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of a volume, by relative path. */
final class FilePayload {
    private final Map<String, Entry> files = new TreeMap<>();

    /** @param owner uid, or -1 for root */
    record Entry(ByteString content, int mode, long owner) {}

    Map<String, Entry> files() {
        return files;
    }

    void put(String path, ByteString content, int mode, long owner) {
        if (path.isEmpty() || path.startsWith("/") || List.of(path.split("/")).contains("..")) {
            throw new VolumeException("invalid path, must be relative and may not contain '..': " + path);
        }
        files.put(path, new Entry(content, mode, owner));
    }

    /**
     * Adds an object's entries: all, or those that the items name.
     *
     * @param what names the kind in upstream's message: {@code config} or {@code secret}
     */
    void putAll(Map<String, ByteString> data, List<KeyToPath> items, int defaultMode, boolean optional, String what) {
        if (items.isEmpty()) {
            data.forEach((key, value) -> put(key, value, defaultMode, -1));
            return;
        }
        for (KeyToPath item : items) {
            ByteString value = data.get(item.getKey());
            if (value != null) {
                put(item.getPath(), value, item.hasMode() ? item.getMode() : defaultMode, -1);
            } else if (!optional) {
                String references = what.equals("config") ? "configmap references" : "references";
                throw new VolumeException(references + " non-existent " + what + " key: " + item.getKey());
            }
        }
    }
}
