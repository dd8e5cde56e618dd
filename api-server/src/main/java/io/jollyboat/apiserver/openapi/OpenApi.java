package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.custom.CustomDefinition;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.rest.OpenApiDocuments;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The documents of the kinds that are served. */
public final class OpenApi implements OpenApiDocuments {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    static final Message V2 = io.jollyboat.api.gnostic.Document.getDefaultInstance();
    private static final Message V3 = io.jollyboat.api.gnostic.v3.Document.getDefaultInstance();

    private final ServedKinds kinds;
    private final String version;
    private final ConcurrentMap<String, Document> documents = new ConcurrentHashMap<>();

    /** A document as bytes. */
    private static final class Document {
        /** That it is of: others ask for another one. */
        private final List<ResourceType<?>> types;

        private final byte[] bytes;
        private final String hash;

        Document(List<ResourceType<?>> types, Supplier<byte[]> maker) {
            this.types = types;
            this.bytes = maker.get();
            this.hash = Hashes.of(bytes);
        }

        byte[] bytes() {
            return bytes.clone();
        }

        String hash() {
            return hash;
        }
    }

    /** @param version of the API, such as 1.36 */
    public OpenApi(ServedKinds kinds, String version) {
        this.kinds = kinds;
        this.version = version;
    }

    @Override
    public byte[] v2(boolean protobuf) {
        Document json = v2Json();
        return protobuf
                ? document("v2 protobuf", json.types, () -> GnosticForm.of(tree(json), V2))
                        .bytes()
                : json.bytes();
    }

    @Override
    public String v2Hash() {
        return v2Json().hash();
    }

    private Document v2Json() {
        Map<String, List<ResourceType<?>>> paths = paths();
        List<ResourceType<?>> all =
                paths.values().stream().flatMap(List::stream).toList();
        return document("v2", all, () -> MAPPER.writeValueAsBytes(v2Tree(paths)));
    }

    private static JsonNode tree(Document document) {
        return MAPPER.readTree(document.bytes());
    }

    /** Made once for the same types. */
    private Document document(String name, List<ResourceType<?>> types, Supplier<byte[]> maker) {
        return documents.compute(
                name, (key, known) -> known != null && known.types.equals(types) ? known : new Document(types, maker));
    }

    @Override
    public byte[] v3Index() {
        ObjectNode index = NODES.objectNode();
        ObjectNode list = index.putObject("paths");
        for (String path : paths().keySet()) {
            list.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + v3Hash(path));
        }
        return MAPPER.writeValueAsBytes(index);
    }

    @Override
    public Optional<byte[]> v3(String path, boolean protobuf) {
        List<ResourceType<?>> types = paths().get(path);
        if (types == null) {
            return Optional.empty();
        }
        Document json = v3Json(path, types);
        return Optional.of(
                protobuf
                        ? document(path + " protobuf", types, () -> GnosticForm.of(tree(json), V3))
                                .bytes()
                        : json.bytes());
    }

    private Document v3Json(String path, List<ResourceType<?>> types) {
        return document(path, types, () -> MAPPER.writeValueAsBytes(v3Tree(path, types)));
    }

    /**
     * Of the document; and for definitions' groups, which may be many and large and seldom asked for, of the states of
     * the definitions that it would be made of.
     */
    @Override
    public String v3Hash(String path) {
        List<ResourceType<?>> types = paths().getOrDefault(path, List.of());
        if (types.isEmpty() || !types.stream().allMatch(ResourceType::isCustom)) {
            return v3Json(path, types).hash();
        }
        StringBuilder states = new StringBuilder(version).append(' ').append(path);
        for (ResourceType<?> type : types) {
            CustomDefinition definition = CustomVersion.of(type).definition();
            states.append('\n').append(definition.uid()).append(' ').append(definition.generation());
        }
        return Hashes.of(states.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The documents of version 3 by path, and what they are of. */
    private Map<String, List<ResourceType<?>>> paths() {
        Map<String, List<ResourceType<?>>> paths = new TreeMap<>();
        RootPaths.ALONE.forEach(path -> paths.put(path, List.of()));
        paths.put("api", List.of());
        paths.put("apis", List.of());
        ServedKinds.Snapshot served = kinds.snapshot();
        for (String group : served.groups()) {
            for (String groupVersion : served.versions(group)) {
                List<ResourceType<?>> types = served.resources(group, groupVersion);
                paths.put(group.isEmpty() ? "api/" + groupVersion : "apis/" + group + "/" + groupVersion, types);
                if (!group.isEmpty() && !types.getFirst().isCustom()) {
                    paths.put("apis/" + group, List.of());
                }
            }
        }
        return paths;
    }

    private ObjectNode v3Tree(String path, List<ResourceType<?>> types) {
        ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
        boolean custom = !types.isEmpty() && types.getFirst().isCustom();
        document.putObject("info")
                .put("title", custom ? "Kubernetes CRD Swagger" : "Kubernetes")
                .put("version", custom ? "v0.1.0" : version);
        List<String> versions =
                types.stream().map(ResourceType::apiVersion).distinct().toList();
        Schemas schemas = new Schemas(true, versions);
        ObjectNode paths = document.putObject("paths");
        addAll(paths, true, schemas, Map.of(path, types));
        ObjectNode components = document.putObject("components");
        Map<String, ObjectNode> all = schemas.complete();
        if (!all.isEmpty()) {
            ObjectNode named = components.putObject("schemas");
            all.forEach(named::set);
        }
        if (!custom) {
            security(components.putObject("securitySchemes"));
        }
        return document;
    }

    private ObjectNode v2Tree(Map<String, List<ResourceType<?>>> groups) {
        ObjectNode document = NODES.objectNode().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        List<String> versions = groups.values().stream()
                .flatMap(List::stream)
                .filter(type -> !type.isCustom())
                .map(ResourceType::apiVersion)
                .distinct()
                .toList();
        Schemas schemas = new Schemas(false, versions);
        ObjectNode paths = document.putObject("paths");
        addAll(paths, false, schemas, groups);
        ObjectNode definitions = document.putObject("definitions");
        schemas.complete().forEach(definitions::set);
        security(document.putObject("securityDefinitions"));
        document.putArray("security").addObject().putArray("BearerToken");
        return document;
    }

    private static void security(ObjectNode schemes) {
        schemes.putObject("BearerToken")
                .put("type", "apiKey")
                .put("description", "Bearer Token authentication")
                .put("name", "authorization")
                .put("in", "header");
    }

    private static void addAll(
            ObjectNode paths, boolean v3, Schemas schemas, Map<String, List<ResourceType<?>>> groups) {
        Operations operations = new Operations(v3, schemas);
        RootPaths roots = new RootPaths(v3, schemas);
        ObjectNode unsorted = NODES.objectNode();
        groups.forEach((path, types) -> {
            if (types.isEmpty() || !types.getFirst().isCustom()) {
                roots.add(unsorted, path);
            }
            types.forEach(type -> operations.add(unsorted, type));
        });
        unsorted.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(path -> paths.set(path.getKey(), path.getValue()));
    }
}
