package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;

/** Stands for a value that is in the store and cannot be read, as one whose key is not known. */
public final class UnreadableValue {
    /** What no object begins with. */
    private static final ByteString MARK = ByteString.copyFromUtf8("\0unreadable\0");

    private UnreadableValue() {}

    /** @param reason as it is told to whoever asks for the value */
    public static ByteString because(String reason) {
        return MARK.concat(ByteString.copyFromUtf8(reason));
    }

    /** Null for a value that can be read. */
    public static String reason(ByteString value) {
        return value.startsWith(MARK) ? value.substring(MARK.size()).toStringUtf8() : null;
    }
}
