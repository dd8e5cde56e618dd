package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;

/**
 * How the objects of one resource are stored and read. A body is the object as it is stored, without the envelope and
 * without its resourceVersion. Stateless, thread-safe.
 */
public interface ObjectCodec {
    /** The body of an object; a resourceVersion in it is left out. */
    ByteString encode(Message object);

    /** The value to store for a body. */
    ByteString wrap(ByteString body);

    /** The body in a stored value. */
    ByteString unwrap(ByteString stored);

    /** The object of a body at a revision. */
    Message decode(ByteString body, long revision);

    /** The same as protobuf. */
    ByteString protobuf(ByteString body, long revision);

    /** How many bytes that has. */
    default int protobufSize(ByteString body, long revision) {
        return protobuf(body, revision).size();
    }

    /** The same as JSON, without apiVersion and kind. */
    byte[] json(ByteString body, long revision);

    ObjectMeta meta(Message object);
}
