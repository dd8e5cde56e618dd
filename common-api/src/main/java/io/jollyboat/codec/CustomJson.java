package io.jollyboat.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Custom objects between their message and JSON, in which the content's members stand beside the metadata, sorted. */
final class CustomJson {
    private static final byte[] API_VERSION = "apiVersion".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KIND = "kind".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] METADATA = "metadata".getBytes(StandardCharsets.US_ASCII);
    private static final ByteString EMPTY = ByteString.copyFromUtf8("{}");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CustomJson() {}

    /** @param apiVersion null, with kind, where both are left out */
    static byte[] encode(byte[] wire, String apiVersion, String kind) {
        byte[] meta = {};
        byte[] content = {'{', '}'};
        WireReader in = new WireReader(wire);
        while (in.at < wire.length) {
            int tag = (int) in.varint();
            if (tag == tag(CustomObject.METADATA_FIELD_NUMBER)) {
                int end = in.delimitedEnd();
                meta = Arrays.copyOfRange(wire, in.at, end);
                in.at = end;
            } else if (tag == tag(CustomObject.CONTENT_FIELD_NUMBER)) {
                int end = in.delimitedEnd();
                content = end == in.at ? content : Arrays.copyOfRange(wire, in.at, end);
                in.at = end;
            } else {
                in.skip(tag & 7);
            }
        }
        ByteSink out = new ByteSink(content.length + 2 * meta.length + 256);
        write(out, meta, content, apiVersion, kind);
        return out.toByteArray();
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** @param content canonical: its members are copied as they are */
    private static void write(ByteSink out, byte[] meta, byte[] content, String apiVersion, String kind) {
        out.put('{');
        int written = apiVersion == null || kind == null ? 2 : 0;
        JsonScanner scanner = new JsonScanner(content);
        boolean more = scanner.enterObject();
        while (more) {
            int start = scanner.at;
            scanner.string();
            byte[] name = Arrays.copyOfRange(scanner.text, scanner.textStart, scanner.textEnd);
            scanner.colon();
            scanner.skip();
            written = own(out, written, name, meta, apiVersion, kind);
            comma(out);
            member(out, content, start, scanner.at);
            more = scanner.nextKey();
        }
        own(out, written, null, meta, apiVersion, kind);
        out.put('}');
    }

    /** Copies a member; what looks like an integral floating-point number is written as Go does. */
    private static void member(ByteSink out, byte[] content, int start, int end) {
        for (int i = start; i + 1 < end; i++) {
            if (content[i] == '.' && content[i + 1] == '0') {
                JsonScanner in = new JsonScanner(Arrays.copyOfRange(content, start, end));
                in.string();
                JsonText.string(out, in.text, in.textStart, in.textEnd);
                in.colon();
                out.put(':');
                new CanonicalJson(in, out, false).value(2);
                return;
            }
        }
        out.put(content, start, end);
    }

    /** Writes those of the object's own members that sort before the given one; all for null. Returns how many it has. */
    private static int own(ByteSink out, int from, byte[] before, byte[] meta, String apiVersion, String kind) {
        int written = from;
        if (written == 0 && isFirst(API_VERSION, before)) {
            text(out, "\"apiVersion\":", apiVersion);
            written++;
        }
        if (written == 1 && isFirst(KIND, before)) {
            text(out, "\"kind\":", kind);
            written++;
        }
        if (written == 2 && isFirst(METADATA, before)) {
            comma(out);
            out.putAscii("\"metadata\":");
            new WireToJson(meta, out).write(MessagePlan.of(ObjectMeta.getDescriptor(), true), new byte[0]);
            written++;
        }
        return written;
    }

    private static boolean isFirst(byte[] name, byte[] other) {
        return other == null || Arrays.compareUnsigned(name, other) < 0;
    }

    private static void text(ByteSink out, String name, String value) {
        comma(out);
        out.putAscii(name);
        JsonText.string(out, value);
    }

    private static void comma(ByteSink out) {
        if (out.bytes[out.length - 1] != '{') {
            out.put(',');
        }
    }

    static Decoded<CustomObject> decode(byte[] json, Strictness strictness) {
        List<String> problems = new ArrayList<>();
        if (strictness != Strictness.IGNORE) {
            problems.addAll(JsonDuplicates.find(json));
        }
        JsonScanner in = new JsonScanner(json);
        int first = in.value();
        if (first != '{') {
            in.validate();
            throw TypeErrors.typeError(TypeErrors.word(first), "Go value of type map[string]interface {}");
        }
        ByteSink out = new ByteSink(json.length + 16);
        CanonicalJson canonical = new CanonicalJson(in, out, true);
        String apiVersion = "";
        String kind = "";
        byte[] metadata = null;
        out.put('{');
        CanonicalJson.Members members = canonical.new Members();
        boolean more = in.enterObject();
        while (more) {
            in.string();
            byte[] name = Arrays.copyOfRange(in.text, in.textStart, in.textEnd);
            in.colon();
            if (Arrays.equals(name, API_VERSION)) {
                apiVersion = string(in, "apiVersion");
            } else if (Arrays.equals(name, KIND)) {
                kind = string(in, "kind");
            } else if (Arrays.equals(name, METADATA)) {
                in.value();
                int start = in.at;
                in.skip();
                metadata = Arrays.copyOfRange(json, start, in.at);
            } else {
                members.begin(name);
                canonical.value(2);
                members.end();
            }
            more = in.nextKey();
        }
        in.finish();
        members.close();
        out.put('}');
        CustomObject.Builder object =
                CustomObject.newBuilder().setContent(ByteString.copyFrom(out.bytes, 0, out.length));
        if (metadata != null) {
            object.setMetadata(metadata(metadata, strictness, problems));
        }
        JsonCodec.refuse(problems, strictness);
        return new Decoded<>(object.build(), apiVersion, kind, List.copyOf(problems));
    }

    /** Null counts as absent. */
    private static String string(JsonScanner in, String field) {
        int first = in.value();
        if (first == 'n') {
            in.literal("null");
            return "";
        }
        if (first != '"') {
            throw TypeErrors.typeError(TypeErrors.word(first), "Go struct field ." + field + " of type string");
        }
        in.string();
        return new String(in.text, in.textStart, in.textEnd - in.textStart, StandardCharsets.UTF_8);
    }

    private static ObjectMeta metadata(byte[] json, Strictness strictness, List<String> problems) {
        MessagePlan plan = MessagePlan.of(ObjectMeta.getDescriptor());
        ByteSink out = new ByteSink(json.length + 64);
        JsonToWire reader = new JsonToWire(json, out, strictness);
        reader.read(plan, false);
        reader.problems().stream()
                .map(problem -> problem.replaceFirst("field \"", "field \"metadata."))
                .filter(problem -> !problems.contains(problem))
                .forEach(problems::add);
        if (reader.duplicates()) {
            out.length = 0;
            new JsonToWire(MAPPER.writeValueAsBytes(MergedTree.read(json)), out, Strictness.IGNORE).read(plan, false);
        }
        return JsonCodec.parse(ObjectMeta.getDefaultInstance(), out);
    }

    /** JSON of a content, made canonical. */
    static ByteString content(byte[] json) {
        if (json.length == 0) {
            return EMPTY;
        }
        JsonScanner in = new JsonScanner(json);
        ByteSink out = new ByteSink(json.length + 16);
        new CanonicalJson(in, out, true).value(1);
        in.finish();
        return UnsafeByteOperations.unsafeWrap(out.toByteArray());
    }
}
