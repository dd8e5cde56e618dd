package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;

/** One key's way of writing values. Thread-safe. */
interface Transformer {
    /** What its values begin with, such as {@code k8s:enc:aescbc:v1:key1:}. */
    ByteString prefix();

    /** @param key of the value in the store */
    ByteString seal(ByteString key, byte[] plain) throws GeneralSecurityException;

    /** @param sealed with the prefix */
    byte[] open(ByteString key, ByteString sealed) throws GeneralSecurityException;

    /** Whether a value is in this form. */
    default boolean covers(ByteString value) {
        return value.startsWith(prefix());
    }

    /** Whether a stored value would be written otherwise now. */
    default boolean isStale(ByteString stored) {
        return !covers(stored);
    }
}
