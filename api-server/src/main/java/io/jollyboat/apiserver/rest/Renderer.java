package io.jollyboat.apiserver.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.api.meta.v1.PartialObjectMetadata;
import io.jollyboat.api.meta.v1.PartialObjectMetadataList;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.EntryEncoder;
import io.jollyboat.apiserver.custom.CustomConversion;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers in the representation that the client wants. */
final class Renderer {
    private static final String METADATA_LIST = "PartialObjectMetadataList";
    private static final byte[] COMMA = {','};
    private static final byte[] END = {']', '}'};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ResourceService resources;

    Renderer(ResourceService resources) {
        this.resources = resources;
    }

    /** A message of any kind, whole. */
    static byte[] message(Message message, String apiVersion, String kind, Representation how) {
        return switch (how.format()) {
            case PROTOBUF -> Envelope.wrap(apiVersion, kind, message.toByteString());
            case JSON, YAML -> text(JsonCodec.encode(message, apiVersion, kind), how);
        };
    }

    /** An entry as an object of the type, whole. */
    byte[] entry(ResourceType<?> type, Entry entry, Representation how) {
        if (type.isCustom()) {
            return text(entry.encoded(new CustomEncoder(type)), how);
        }
        if (!resources.isStoredVersion(type)) {
            return message(resources.object(type, entry), type.apiVersion(), type.kind(), how);
        }
        return switch (how.format()) {
            case PROTOBUF -> Envelope.wrap(type.apiVersion(), type.kind(), entry.protobuf());
            case JSON, YAML -> text(typed(type, entry.json()), how);
        };
    }

    /** The entry's JSON with kind and apiVersion before the rest. */
    private static byte[] typed(ResourceType<?> type, byte[] json) {
        byte[] head = typeHead(type.apiVersion(), type.kind(), json.length > 2);
        byte[] all = new byte[head.length + json.length - 1];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(json, 1, all, head.length, json.length - 1);
        return all;
    }

    static byte[] typeHead(String apiVersion, String kind, boolean more) {
        return ("{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + (more ? "\"," : "\""))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A list of whole objects, in chunks that share the entries' bytes or are made anew at each look. */
    List<byte[]> list(ResourceType<?> type, ListPage page, Representation how) {
        ListMeta meta = listMeta(page);
        if (type.isCustom()) {
            return customList(type, page, meta, how);
        }
        String kind = type.kind() + "List";
        if (how.format() == Format.PROTOBUF) {
            return protobufList(type, page, meta, kind);
        }
        List<byte[]> chunks = new ArrayList<>(page.entries().size() * 2 + 2);
        String head = "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + type.apiVersion() + "\",\"metadata\":"
                + new String(JsonCodec.encode(meta, null, null), StandardCharsets.UTF_8) + ",\"items\":[";
        chunks.add(head.getBytes(StandardCharsets.UTF_8));
        boolean first = true;
        for (Entry entry : page.entries()) {
            if (!first) {
                chunks.add(COMMA);
            }
            first = false;
            chunks.add(itemJson(type, entry));
        }
        chunks.add(END);
        return how.format() == Format.JSON && !how.pretty() ? chunks : List.of(text(joined(chunks), how));
    }

    /** A custom object whole, in the version of a type. Equal ones give the same bytes. */
    private record CustomEncoder(ResourceType<?> type) implements EntryEncoder {
        @Override
        public byte[] encode(Entry entry) {
            CustomObject object = CustomConversion.served(type, entry);
            return JsonCodec.encode(object, type.apiVersion(), type.kind());
        }
    }

    /** Upstream's lists of custom objects are sorted maps as the objects are, with everything in their metadata. */
    private static List<byte[]> customList(ResourceType<?> type, ListPage page, ListMeta meta, Representation how) {
        List<byte[]> chunks = new ArrayList<>(page.entries().size() * 2 + 2);
        chunks.add(("{\"apiVersion\":\"" + type.apiVersion() + "\",\"items\":[").getBytes(StandardCharsets.UTF_8));
        boolean first = true;
        CustomEncoder encoder = new CustomEncoder(type);
        CustomConversion.prepare(type, page.entries());
        for (Entry entry : page.entries()) {
            if (!first) {
                chunks.add(COMMA);
            }
            first = false;
            chunks.add(entry.encoded(encoder));
        }
        String tail = "],\"kind\":\"" + CustomVersion.of(type).listKind() + "\",\"metadata\":{\"continue\":\""
                + meta.getContinue() + "\""
                + (meta.hasRemainingItemCount() ? ",\"remainingItemCount\":" + meta.getRemainingItemCount() : "")
                + ",\"resourceVersion\":\"" + meta.getResourceVersion() + "\"}}";
        chunks.add(tail.getBytes(StandardCharsets.UTF_8));
        return how.format() == Format.JSON && !how.pretty() ? chunks : List.of(text(joined(chunks), how));
    }

    private byte[] itemJson(ResourceType<?> type, Entry entry) {
        return resources.isStoredVersion(type)
                ? entry.json()
                : JsonCodec.encode(resources.object(type, entry), null, null);
    }

    /** Items are made when they are sent: those of several lists at once would fill the heap. */
    private List<byte[]> protobufList(ResourceType<?> type, ListPage page, ListMeta meta, String kind) {
        byte[] first = field(1, meta.toByteString());
        long length = first.length;
        for (Entry entry : page.entries()) {
            length += itemSize(type, entry);
        }
        byte[] head = Envelope.head(type.apiVersion(), kind, Math.toIntExact(length));
        byte[] tail = Envelope.tail();
        int items = page.entries().size();
        return new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                if (index >= 2 && index < items + 2) {
                    return field(2, itemBytes(type, page.entries().get(index - 2)));
                }
                return index == 0 ? head : index == 1 ? first : tail;
            }

            @Override
            public int size() {
                return items + 3;
            }
        };
    }

    private ByteString itemBytes(ResourceType<?> type, Entry entry) {
        return resources.isStoredVersion(type)
                ? entry.protobuf()
                : resources.object(type, entry).toByteString();
    }

    private int itemSize(ResourceType<?> type, Entry entry) {
        int size = resources.isStoredVersion(type)
                ? entry.protobufSize()
                : resources.object(type, entry).getSerializedSize();
        return CodedOutputStream.computeTagSize(2) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    private static byte[] field(int number, ByteString value) {
        byte[] bytes = new byte[CodedOutputStream.computeBytesSize(number, value)];
        try {
            CodedOutputStream.newInstance(bytes).writeBytes(number, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        return bytes;
    }

    static ListMeta listMeta(ListPage page) {
        ListMeta.Builder meta = ListMeta.newBuilder().setResourceVersion(Long.toString(page.revision()));
        if (!page.continueToken().isEmpty()) {
            meta.setContinue(page.continueToken());
            if (page.remaining() >= 0) {
                meta.setRemainingItemCount(page.remaining());
            }
        }
        return meta.build();
    }

    byte[] metadata(Entry entry, Representation how) {
        return message(partial(entry), "meta.k8s.io/" + how.metaVersion(), "PartialObjectMetadata", how);
    }

    private static PartialObjectMetadata partial(Entry entry) {
        return PartialObjectMetadata.newBuilder().setMetadata(entry.meta()).build();
    }

    /** As upstream's, the items say in JSON what they are. */
    byte[] metadataList(ListPage page, Representation how) {
        String apiVersion = "meta.k8s.io/" + how.metaVersion();
        PartialObjectMetadataList.Builder list =
                PartialObjectMetadataList.newBuilder().setMetadata(listMeta(page));
        if (how.format() == Format.PROTOBUF) {
            page.entries().forEach(entry -> list.addItems(partial(entry)));
            return message(list.build(), apiVersion, METADATA_LIST, how);
        }
        byte[] empty = JsonCodec.encode(list.build(), apiVersion, METADATA_LIST);
        List<byte[]> chunks = new ArrayList<>();
        // Ends with the brackets of the empty list and of the object.
        chunks.add(Arrays.copyOf(empty, empty.length - END.length));
        for (Entry entry : page.entries()) {
            if (chunks.size() > 1) {
                chunks.add(COMMA);
            }
            chunks.add(JsonCodec.encode(partial(entry), apiVersion, "PartialObjectMetadata"));
        }
        chunks.add(END);
        return text(joined(chunks), how);
    }

    /** No space before a colon, as Go writes it. */
    private static final Separators GO =
            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER);

    static byte[] text(byte[] json, Representation how) {
        if (how.format() == Format.YAML) {
            return YamlCodec.fromJson(JSON.readTree(json)).getBytes(StandardCharsets.UTF_8);
        }
        if (!how.pretty()) {
            return json;
        }
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(GO).withObjectIndenter(indent).withArrayIndenter(indent);
        return JSON.writer().with(printer).writeValueAsBytes(JSON.readTree(json));
    }

    static byte[] joined(List<byte[]> chunks) {
        int length = 0;
        for (byte[] chunk : chunks) {
            length += chunk.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, all, at, chunk.length);
            at += chunk.length;
        }
        return all;
    }
}
