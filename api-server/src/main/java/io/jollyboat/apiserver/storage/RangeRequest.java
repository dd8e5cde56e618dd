package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;

/**
 * Reads keys in byte order.
 *
 * @param start first key
 * @param end first key after the range; empty for the one key {@code start}
 * @param revision 0 for the latest
 * @param limit 0 for none
 */
public record RangeRequest(ByteString start, ByteString end, long revision, long limit, Want want) {
    /** What of each entry is wanted. */
    public enum Want {
        ENTRIES,
        KEYS,
        COUNT
    }

    public static RangeRequest key(ByteString key) {
        return new RangeRequest(key, ByteString.EMPTY, 0, 0, Want.ENTRIES);
    }

    /** All keys with the prefix, which is not empty. */
    public static RangeRequest prefix(ByteString prefix) {
        return new RangeRequest(prefix, end(prefix), 0, 0, Want.ENTRIES);
    }

    public RangeRequest from(ByteString newStart) {
        return new RangeRequest(newStart, end, revision, limit, want);
    }

    public RangeRequest at(long newRevision) {
        return new RangeRequest(start, end, newRevision, limit, want);
    }

    public RangeRequest limit(long newLimit) {
        return new RangeRequest(start, end, revision, newLimit, want);
    }

    public RangeRequest want(Want newWant) {
        return new RangeRequest(start, end, revision, limit, newWant);
    }

    /** The first key after all keys with the prefix. */
    public static ByteString end(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (prefix.byteAt(i) != (byte) 0xff) {
                ByteString last = ByteString.copyFrom(new byte[] {(byte) (prefix.byteAt(i) + 1)});
                return prefix.substring(0, i).concat(last);
            }
        }
        // etcd reads a single zero byte as "to the last key".
        return ByteString.copyFrom(new byte[] {0});
    }
}
