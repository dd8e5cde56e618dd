package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.PartialObjectMetadata;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The table that fits every kind: names and times. */
public final class BasicTables implements Tables {
    private static final String COLUMNS = "\"columnDefinitions\":["
            + "{\"name\":\"Name\",\"type\":\"string\",\"format\":\"name\",\"description\":\"\",\"priority\":0},"
            + "{\"name\":\"Created At\",\"type\":\"date\",\"format\":\"\",\"description\":\"\",\"priority\":0}]";

    @Override
    public byte[] table(ResourceType<?> type, ListPage page, boolean single, String includeObject, Representation how) {
        String meta = new String(JsonCodec.encode(Renderer.listMeta(page), null, null), StandardCharsets.UTF_8);
        return table(meta, COLUMNS, page.entries(), how);
    }

    @Override
    public byte[] row(ResourceType<?> type, Entry entry, String includeObject, Representation how, boolean columns) {
        String meta = "{\"resourceVersion\":\"" + entry.revision() + "\"}";
        return table(meta, columns ? COLUMNS : "\"columnDefinitions\":null", List.of(entry), how);
    }

    @Override
    public byte[] bookmark(ResourceType<?> type, ObjectMeta meta, Representation how) {
        String shown = "{\"resourceVersion\":\"" + meta.getResourceVersion() + "\"}";
        return table(shown, "\"columnDefinitions\":null", List.of(), how);
    }

    private static byte[] table(String meta, String columns, List<Entry> entries, Representation how) {
        String rows = entries.stream().map(BasicTables::row).collect(Collectors.joining(","));
        String text = "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + how.metaVersion() + "\",\"metadata\":"
                + meta + "," + columns + ",\"rows\":[" + rows + "]}";
        return Renderer.text(text.getBytes(StandardCharsets.UTF_8), how);
    }

    private static String row(Entry entry) {
        PartialObjectMetadata object =
                PartialObjectMetadata.newBuilder().setMetadata(entry.meta()).build();
        return "{\"cells\":[\"" + entry.name() + "\",\""
                + Times.format(entry.meta().getCreationTimestamp()) + "\"],\"object\":"
                + new String(
                        JsonCodec.encode(object, "meta.k8s.io/v1", "PartialObjectMetadata"), StandardCharsets.UTF_8)
                + "}";
    }
}
