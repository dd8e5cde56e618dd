package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.PartialObjectMetadata;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.EntryEncoder;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.table.Column;
import io.jollyboat.apiserver.table.ScaleTable;
import io.jollyboat.apiserver.table.TableDefinition;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Objects as rows of a table, as kubectl shows them. */
final class Tables {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final EntryEncoder METADATA = entry -> JsonCodec.encode(
            PartialObjectMetadata.newBuilder().setMetadata(entry.meta()).build(),
            "meta.k8s.io/v1",
            "PartialObjectMetadata");

    private final ResourceService resources;
    private final Renderer renderer;
    private final Runtime runtime;

    Tables(ResourceService resources, Renderer renderer, Runtime runtime) {
        this.resources = resources;
        this.renderer = renderer;
        this.runtime = runtime;
    }

    /** A list; or one object, as a page of one entry. */
    byte[] table(ResourceType<?> type, ListPage page, String includeObject, Representation how) {
        byte[] meta = JsonCodec.encode(Renderer.listMeta(page), null, null);
        return table(type, meta, true, page.entries(), includeObject, how);
    }

    /** One object in a watch. */
    byte[] row(ResourceType<?> type, Entry entry, String includeObject, Representation how, boolean columns) {
        return table(type, version(Long.toString(entry.revision())), columns, List.of(entry), includeObject, how);
    }

    /** The scale of an object. */
    byte[] scale(Scale scale, String includeObject, Representation how) {
        checkInclude(includeObject);
        ObjectMeta meta = scale.getMetadata();
        ByteArrayOutputStream out = begin(ScaleTable.INSTANCE, version(meta.getResourceVersion()), true, how);
        write(out, "{\"cells\":");
        out.writeBytes(JSON.writeValueAsBytes(ScaleTable.INSTANCE.cells(scale, runtime.now())));
        if (!includeObject.equals("None")) {
            write(out, ",\"object\":");
            out.writeBytes(
                    includeObject.equals("Object")
                            ? JsonCodec.encode(scale, "autoscaling/v1", "Scale")
                            : JsonCodec.encode(
                                    PartialObjectMetadata.newBuilder()
                                            .setMetadata(meta)
                                            .build(),
                                    "meta.k8s.io/" + how.metaVersion(),
                                    "PartialObjectMetadata"));
        }
        write(out, "}]}");
        return Renderer.text(out.toByteArray(), how);
    }

    /** Objects that have no resourceVersion, since they are made when they are asked for. */
    byte[] unstored(ResourceType<?> type, List<? extends Message> objects, String includeObject, Representation how) {
        checkInclude(includeObject);
        TableDefinition definition = definition(type);
        Instant now = runtime.now();
        ByteArrayOutputStream out = begin(definition, "{}".getBytes(StandardCharsets.UTF_8), true, how);
        String separator = "";
        for (Message object : objects) {
            write(out, separator + "{\"cells\":");
            separator = ",";
            out.writeBytes(JSON.writeValueAsBytes(definition.cells(object, now)));
            if (!includeObject.equals("None")) {
                write(out, ",\"object\":");
                out.writeBytes(
                        includeObject.equals("Object")
                                ? JsonCodec.encode(object, type.apiVersion(), type.kind())
                                : JsonCodec.encode(
                                        PartialObjectMetadata.newBuilder()
                                                .setMetadata(type.meta(object))
                                                .build(),
                                        "meta.k8s.io/" + how.metaVersion(),
                                        "PartialObjectMetadata"));
            }
            write(out, "}");
        }
        write(out, "]}");
        return Renderer.text(out.toByteArray(), how);
    }

    /** A bookmark in a watch: a row with nothing but the version, so that clients find it where they look. */
    byte[] bookmark(ResourceType<?> type, ObjectMeta meta, Representation how, boolean columns) {
        byte[] object = JsonCodec.encode(
                PartialObjectMetadata.newBuilder().setMetadata(meta).build(),
                "meta.k8s.io/" + how.metaVersion(),
                "PartialObjectMetadata");
        ByteArrayOutputStream out = begin(definition(type), version(meta.getResourceVersion()), columns, how);
        ArrayNode cells = JSON.createArrayNode();
        definition(type).columns().forEach(column -> cells.add(""));
        write(out, "{\"cells\":");
        out.writeBytes(JSON.writeValueAsBytes(cells));
        write(out, ",\"object\":");
        out.writeBytes(object);
        write(out, "}]}");
        return Renderer.text(out.toByteArray(), how);
    }

    private static TableDefinition definition(ResourceType<?> type) {
        return type.isCustom() ? CustomVersion.of(type).table() : TableDefinition.of(type);
    }

    private static byte[] version(String resourceVersion) {
        return ("{\"resourceVersion\":\"" + resourceVersion + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private byte[] table(
            ResourceType<?> type,
            byte[] meta,
            boolean columns,
            List<Entry> entries,
            String includeObject,
            Representation how) {
        checkInclude(includeObject);
        TableDefinition definition = definition(type);
        Instant now = runtime.now();
        ByteArrayOutputStream out = begin(definition, meta, columns, how);
        boolean first = true;
        for (Entry entry : entries) {
            write(out, first ? "{\"cells\":" : ",{\"cells\":");
            first = false;
            out.writeBytes(JSON.writeValueAsBytes(definition.cells(resources.object(type, entry), now)));
            if (!includeObject.equals("None")) {
                write(out, ",\"object\":");
                out.writeBytes(
                        includeObject.equals("Object")
                                ? renderer.entry(type, entry, Representation.PLAIN_JSON)
                                : metadata(entry, how));
            }
            write(out, "}");
        }
        write(out, "]}");
        return Renderer.text(out.toByteArray(), how);
    }

    private byte[] metadata(Entry entry, Representation how) {
        return how.metaVersion().equals("v1")
                ? entry.encoded(METADATA)
                : renderer.metadata(
                        entry,
                        new Representation(Format.JSON, Representation.Shape.METADATA, how.metaVersion(), false));
    }

    private static ByteArrayOutputStream begin(
            TableDefinition definition, byte[] meta, boolean columns, Representation how) {
        if (how.format() == Format.PROTOBUF) {
            throw ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + Format.ALL);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        write(out, "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + how.metaVersion() + "\",\"metadata\":");
        out.writeBytes(meta);
        write(out, ",\"columnDefinitions\":");
        out.writeBytes(columns ? JSON.writeValueAsBytes(columns(definition)) : "null".getBytes(StandardCharsets.UTF_8));
        write(out, ",\"rows\":[");
        return out;
    }

    private static ArrayNode columns(TableDefinition definition) {
        ArrayNode array = JSON.createArrayNode();
        for (Column column : definition.columns()) {
            array.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        return array;
    }

    private static void checkInclude(String includeObject) {
        if (!List.of("", "Metadata", "Object", "None").contains(includeObject)) {
            throw ApiException.badRequest("Unable to convert to Table as requested: includeObject: Invalid value: \""
                    + includeObject + "\": must be 'Metadata', 'Object', 'None', or empty");
        }
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
