package io.jollyboat.apiserver.storage;

import java.util.List;

/**
 * @param entries in key order
 * @param more whether the limit cut the answer short
 * @param count of all keys in the range, whatever the limit
 * @param revision the store's revision when it answered, not the one asked for
 */
public record RangeResult(List<KeyValue> entries, boolean more, long count, long revision) {}
