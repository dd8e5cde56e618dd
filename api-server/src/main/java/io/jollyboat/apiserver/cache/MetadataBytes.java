package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Puts the resourceVersion, which is not stored, into an object's bytes, without decoding them. */
final class MetadataBytes {
    /** In every kind the metadata is field 1. */
    private static final int METADATA_TAG = tag(1);

    private static final int RESOURCE_VERSION_TAG = tag(ObjectMeta.RESOURCEVERSION_FIELD_NUMBER);

    private MetadataBytes() {}

    static Message withoutRevision(ResourceType<?> type, Message object) {
        ObjectMeta meta = type.meta(object);
        return meta.getResourceVersion().isEmpty()
                ? object
                : type.withMeta(object, meta.toBuilder().clearResourceVersion().build());
    }

    /** @param body fields in the order of their numbers, as every encoder writes them */
    static ByteString withRevision(ByteString body, long revision) {
        try {
            CodedInputStream in = body.newCodedInput();
            int first = in.readTag();
            if (first != METADATA_TAG) {
                throw new IllegalStateException("a stored object begins with tag " + first + ", not with its metadata");
            }
            int metaSize = in.readRawVarint32();
            int metaStart = in.getTotalBytesRead();
            int metaEnd = metaStart + metaSize;
            // The field goes where an encoder would write it; what upstream stored there is an empty one.
            int before = metaStart;
            int after = metaStart;
            while (after < metaEnd) {
                int tag = in.readTag();
                if (WireFormat.getTagFieldNumber(tag) > ObjectMeta.RESOURCEVERSION_FIELD_NUMBER) {
                    break;
                }
                in.skipField(tag);
                after = in.getTotalBytesRead();
                before = tag == RESOURCE_VERSION_TAG ? before : after;
            }
            return splice(body, metaStart, metaEnd, before, after, revision);
        } catch (IOException e) {
            throw new IllegalStateException("a stored object cannot be read: " + e.getMessage(), e);
        }
    }

    private static ByteString splice(ByteString body, int metaStart, int metaEnd, int before, int after, long revision)
            throws IOException {
        byte[] version = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
        int metaSize = metaEnd - metaStart - (after - before) + 2 + version.length;
        int tail = body.size() - after;
        byte[] bytes = new byte
                [1
                        + CodedOutputStream.computeUInt32SizeNoTag(metaSize)
                        + before
                        - metaStart
                        + 2
                        + version.length
                        + tail];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeRawByte((byte) METADATA_TAG);
        out.writeUInt32NoTag(metaSize);
        int at = out.getTotalBytesWritten();
        body.substring(metaStart, before).copyTo(bytes, at);
        at += before - metaStart;
        bytes[at++] = (byte) RESOURCE_VERSION_TAG;
        bytes[at++] = (byte) version.length;
        System.arraycopy(version, 0, bytes, at, version.length);
        body.substring(after).copyTo(bytes, at + version.length);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
