package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;

/** No encryption. */
final class PlainForm implements Transformer {
    private static final ByteString ENCRYPTED = ByteString.copyFromUtf8("k8s:enc:");

    @Override
    public ByteString prefix() {
        return ByteString.EMPTY;
    }

    @Override
    public boolean covers(ByteString value) {
        return !value.startsWith(ENCRYPTED);
    }

    @Override
    public ByteString seal(ByteString key, byte[] plain) {
        return ByteString.copyFrom(plain);
    }

    @Override
    public byte[] open(ByteString key, ByteString sealed) {
        return sealed.toByteArray();
    }
}
