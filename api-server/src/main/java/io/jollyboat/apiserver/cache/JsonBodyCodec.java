package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.codec.JsonCodec;

/** Of objects that upstream stores as JSON, with a line's end: the body is the whole document. */
public abstract class JsonBodyCodec implements ObjectCodec {
    private static final ByteString NEWLINE = ByteString.copyFromUtf8("\n");

    @Override
    public final ByteString wrap(ByteString body) {
        return body.concat(NEWLINE);
    }

    @Override
    public final ByteString unwrap(ByteString stored) {
        return stored.endsWith(NEWLINE) ? stored.substring(0, stored.size() - 1) : stored;
    }

    @Override
    public final ByteString protobuf(ByteString body, long revision) {
        return decode(body, revision).toByteString();
    }

    @Override
    public final byte[] json(ByteString body, long revision) {
        return JsonCodec.encode(decode(body, revision), null, null);
    }
}
