package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.Map;

/**
 * One version of one object, immutable but for what it remembers: it holds the stored bytes, decodes when asked, and is
 * encoded once per format, for all lists and watches.
 */
public interface Entry {
    StoredResource resource();

    /** The key after the resource's prefix: {@code namespace/name} or {@code name}. */
    String key();

    /** Empty for cluster-scoped objects. */
    String namespace();

    String name();

    String uid();

    Map<String, String> labels();

    /** The resourceVersion. */
    long revision();

    long createRevision();

    /** The object with its resourceVersion. Decoded anew after it was not used for a while. */
    Message object();

    ObjectMeta meta();

    /** The stored bytes: without resourceVersion, apiVersion and kind. */
    ByteString body();

    /** The protobuf message with its resourceVersion; shares the body's bytes. */
    ByteString protobuf();

    /** {@code {"metadata":{…},…}}, with resourceVersion, without kind and apiVersion. Not to be changed. */
    byte[] json();

    /** The bytes that the encoder makes of this entry, remembered while memory lasts. Encoders are few and long-lived. */
    byte[] encoded(EntryEncoder encoder);
}
