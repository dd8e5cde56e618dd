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
        return gap(body).filled(body, revision);
    }

    /** How many bytes {@link #withRevision} gives. */
    static int sizeWithRevision(ByteString body, long revision) {
        return gap(body).filledSize(body, Long.toString(revision).length());
    }

    private static Gap gap(ByteString body) {
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
            return new Gap(metaStart, metaEnd, before, after);
        } catch (IOException e) {
            throw new IllegalStateException("a stored object cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Where in a body the revision goes.
     *
     * @param before end of the fields before it
     * @param after begin of the fields after it
     */
    private record Gap(int metaStart, int metaEnd, int before, int after) {
        private int metaSize(int digits) {
            return metaEnd - metaStart - (after - before) + 2 + digits;
        }

        int filledSize(ByteString body, int digits) {
            return 1
                    + CodedOutputStream.computeUInt32SizeNoTag(metaSize(digits))
                    + before
                    - metaStart
                    + 2
                    + digits
                    + body.size()
                    - after;
        }

        ByteString filled(ByteString body, long revision) {
            byte[] version = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
            byte[] bytes = new byte[filledSize(body, version.length)];
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            try {
                out.writeRawByte((byte) METADATA_TAG);
                out.writeUInt32NoTag(metaSize(version.length));
            } catch (IOException e) {
                throw new IllegalStateException("an array does not fail", e);
            }
            int at = out.getTotalBytesWritten();
            body.substring(metaStart, before).copyTo(bytes, at);
            at += before - metaStart;
            bytes[at++] = (byte) RESOURCE_VERSION_TAG;
            bytes[at++] = (byte) version.length;
            System.arraycopy(version, 0, bytes, at, version.length);
            body.substring(after).copyTo(bytes, at + version.length);
            return UnsafeByteOperations.unsafeWrap(bytes);
        }
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
