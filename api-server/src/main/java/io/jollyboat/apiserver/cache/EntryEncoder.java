package io.jollyboat.apiserver.cache;

/** A format of an object, such as JSON in another served version. Compared by identity. */
@FunctionalInterface
public interface EntryEncoder {
    byte[] encode(Entry entry);
}
