package io.jollyboat.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Upstream's protobuf envelope, in bodies and in etcd: {@code k8s\0} and a runtime.Unknown around the object's bytes. */
public final class Envelope {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private static final int TAIL_LENGTH = 4;

    private Envelope() {}

    /** True for bytes that begin as an envelope does. */
    public static boolean isEnvelope(byte[] bytes) {
        return bytes.length >= 4
                && bytes[0] == MAGIC[0]
                && bytes[1] == MAGIC[1]
                && bytes[2] == MAGIC[2]
                && bytes[3] == 0;
    }

    public static byte[] wrap(ResourceType<?> type, ByteString object) {
        return wrap(type.apiVersion(), type.kind(), object);
    }

    /** With the empty contentEncoding and contentType that upstream writes. */
    public static byte[] wrap(String apiVersion, String kind, ByteString object) {
        byte[] version = apiVersion.getBytes(StandardCharsets.UTF_8);
        byte[] name = kind.getBytes(StandardCharsets.UTF_8);
        int meta = 2
                + CodedOutputStream.computeByteArraySizeNoTag(version)
                + CodedOutputStream.computeByteArraySizeNoTag(name);
        int size = MAGIC.length
                + 1
                + CodedOutputStream.computeUInt32SizeNoTag(meta)
                + meta
                + CodedOutputStream.computeBytesSize(2, object)
                + TAIL_LENGTH;
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeRawBytes(MAGIC);
            out.writeTag(1, 2);
            out.writeUInt32NoTag(meta);
            out.writeByteArray(1, version);
            out.writeByteArray(2, name);
            out.writeBytes(2, object);
            out.writeString(3, "");
            out.writeString(4, "");
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("an array does not fail", e);
        }
        return bytes;
    }

    /**
     * What stands before an object that is written in parts.
     *
     * @param length of the object
     */
    public static byte[] head(String apiVersion, String kind, int length) {
        byte[] whole = wrap(apiVersion, kind, ByteString.EMPTY);
        // The empty object's length is one byte, before the tail.
        int before = whole.length - TAIL_LENGTH - 1;
        byte[] head = new byte[before + CodedOutputStream.computeUInt32SizeNoTag(length)];
        System.arraycopy(whole, 0, head, 0, before);
        try {
            CodedOutputStream.newInstance(head, before, head.length - before).writeUInt32NoTag(length);
        } catch (IOException e) {
            throw new UncheckedIOException("an array does not fail", e);
        }
        return head;
    }

    /** What stands after an object that is written in parts. */
    public static byte[] tail() {
        return new byte[] {0x1a, 0, 0x22, 0};
    }

    /**
     * What a stored envelope holds, sharing its bytes.
     *
     * @throws DecodeException with upstream's text
     */
    public static ByteString content(ByteString stored) {
        try {
            CodedInputStream in = stored.newCodedInput();
            in.enableAliasing(true);
            if (stored.size() < MAGIC.length || !isEnvelope(in.readRawBytes(MAGIC.length))) {
                throw noEnvelope();
            }
            ByteString content = ByteString.EMPTY;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == Unknown.RAW_FIELD_NUMBER) {
                    content = in.readBytes();
                } else {
                    in.skipField(tag);
                }
            }
            return content;
        } catch (IOException e) {
            throw DecodeException.syntax(e.getMessage());
        }
    }

    private static DecodeException noEnvelope() {
        return DecodeException.syntax(
                "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }

    /**
     * Opens an envelope; what it holds is in {@code raw}, for custom resources JSON.
     *
     * @throws DecodeException with upstream's text
     */
    public static Unknown unwrap(byte[] bytes) {
        if (!isEnvelope(bytes)) {
            throw noEnvelope();
        }
        try {
            return Unknown.parser().parseFrom(bytes, MAGIC.length, bytes.length - MAGIC.length);
        } catch (InvalidProtocolBufferException e) {
            throw DecodeException.syntax(e.getMessage());
        }
    }
}
