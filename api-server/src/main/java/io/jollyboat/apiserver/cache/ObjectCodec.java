package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;

/** How the objects of one resource are stored and read. Stateless, thread-safe. */
public interface ObjectCodec {
    /** The value to store: without resourceVersion, in the storage envelope. */
    ByteString store(Message object);

    /** The part of a stored value that is the object's own bytes: the protobuf message, or the JSON document. */
    ByteString body(ByteString stored);

    /** Decodes a body. Its metadata carries no resourceVersion. */
    Message decode(ByteString body);

    ObjectMeta meta(Message object);

    /** A copy of the object with other metadata. */
    Message withMeta(Message object, ObjectMeta meta);

    /** JSON of a body at a revision, with its resourceVersion and without apiVersion and kind. */
    byte[] json(Message object);

    /**
     * What a protobuf body lacks to be the object at a revision; appended to the body it merges into the message.
     * Empty where bodies are not protobuf.
     */
    ByteString revisionSuffix(long revision);
}
