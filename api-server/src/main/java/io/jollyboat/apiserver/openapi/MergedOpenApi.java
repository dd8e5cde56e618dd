package io.jollyboat.apiserver.openapi;

import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.aggregation.RemoteApi;
import io.jollyboat.apiserver.rest.OpenApiDocuments;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** This server's documents with those of other API servers. Version 3 of those is asked of the servers themselves. */
public final class MergedOpenApi implements OpenApiDocuments {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final OpenApiDocuments own;
    private final Aggregation aggregation;
    private volatile Merged merged;

    /** What was made last, of what. */
    // Never compared; the bytes are those of a document.
    @SuppressWarnings("ArrayRecordComponent")
    private record Merged(byte[] own, Map<RemoteApi, ObjectNode> others, byte[] json, byte[] protobuf) {}

    public MergedOpenApi(OpenApiDocuments own, Aggregation aggregation) {
        this.own = own;
        this.aggregation = aggregation;
    }

    @Override
    public byte[] v2(boolean protobuf) {
        Map<RemoteApi, ObjectNode> others = aggregation.openApiV2();
        if (others.isEmpty()) {
            merged = null;
            return own.v2(protobuf);
        }
        byte[] base = own.v2(false);
        Merged last = merged;
        if (last == null || !last.others().equals(others) || !Arrays.equals(last.own(), base)) {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(base);
            others.forEach(
                    (api, document) -> SpecMerge.add(tree, document, "/apis/" + api.group() + "/" + api.version()));
            last = new Merged(base, others, MAPPER.writeValueAsBytes(tree), GnosticForm.of(tree, OpenApi.V2));
            merged = last;
        }
        return protobuf ? last.protobuf() : last.json();
    }

    @Override
    public String v2Hash() {
        return aggregation.openApiV2().isEmpty() ? own.v2Hash() : Hashes.of(v2(false));
    }

    @Override
    public byte[] v3Index() {
        Map<String, String> others = aggregation.openApiV3();
        byte[] index = own.v3Index();
        if (others.isEmpty()) {
            return index;
        }
        ObjectNode tree = (ObjectNode) MAPPER.readTree(index);
        ObjectNode paths = (ObjectNode) tree.get("paths");
        others.forEach((path, url) -> paths.putObject(path).put("serverRelativeURL", url));
        return MAPPER.writeValueAsBytes(tree);
    }

    @Override
    public Optional<byte[]> v3(String path, boolean protobuf) {
        return own.v3(path, protobuf);
    }

    @Override
    public String v3Hash(String path) {
        return own.v3Hash(path);
    }
}
