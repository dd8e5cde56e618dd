package io.jollyboat.apiserver.openapi;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.apiserver.custom.CustomDefinition;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.rest.OpenApiDocuments;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The documents of the kinds that are served. */
public final class OpenApi implements OpenApiDocuments {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ServedKinds kinds;
    private final String version;
    private final ConcurrentMap<String, Document> documents = new ConcurrentHashMap<>();

    /** @param types that it is of: others ask for another one */
    private record Document(List<ResourceType<?>> types, ByteString bytes) {}

    /** @param version of the API, such as v1.36.2 */
    public OpenApi(ServedKinds kinds, String version) {
        this.kinds = kinds;
        this.version = version;
    }

    @Override
    public byte[] v2(boolean protobuf) {
        Map<String, List<ResourceType<?>>> paths = paths();
        List<ResourceType<?>> all =
                paths.values().stream().flatMap(List::stream).toList();
        return document(
                protobuf ? "v2 protobuf" : "v2",
                all,
                () -> protobuf ? GnosticForm.of(v2Tree(paths)).toByteArray() : MAPPER.writeValueAsBytes(v2Tree(paths)));
    }

    /** Made once for the same types. */
    private byte[] document(String name, List<ResourceType<?>> types, Supplier<byte[]> maker) {
        return documents
                .compute(
                        name,
                        (key, known) -> known != null && known.types.equals(types)
                                ? known
                                : new Document(types, UnsafeByteOperations.unsafeWrap(maker.get())))
                .bytes
                .toByteArray();
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
        // Their protobuf form of v3 has no client that cannot do without.
        if (types == null || protobuf) {
            return Optional.empty();
        }
        return Optional.of(document(path, types, () -> MAPPER.writeValueAsBytes(v3Tree(types))));
    }

    @Override
    public String v3Hash(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity(path));
            return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * What changes whenever the document does: the document itself, and for definitions' groups, which may be many and
     * large and seldom asked for, the states of the definitions it would be made of.
     */
    private byte[] identity(String path) {
        List<ResourceType<?>> types = paths().getOrDefault(path, List.of());
        if (types.isEmpty() || !types.stream().allMatch(ResourceType::isCustom)) {
            return v3(path, false).orElseThrow();
        }
        StringBuilder states = new StringBuilder(version).append(' ').append(path);
        for (ResourceType<?> type : types) {
            CustomDefinition definition = CustomVersion.of(type).definition();
            states.append('\n').append(definition.uid()).append(' ').append(definition.generation());
        }
        return states.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, List<ResourceType<?>>> paths() {
        Map<String, List<ResourceType<?>>> paths = new LinkedHashMap<>();
        ServedKinds.Snapshot served = kinds.snapshot();
        for (String group : served.groups()) {
            for (String groupVersion : served.versions(group)) {
                String path = group.isEmpty() ? "api/" + groupVersion : "apis/" + group + "/" + groupVersion;
                paths.put(path, served.resources(group, groupVersion));
            }
        }
        return paths;
    }

    private ObjectNode v3Tree(List<ResourceType<?>> types) {
        ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        Schemas schemas = new Schemas(true);
        ObjectNode paths = document.putObject("paths");
        addAll(paths, new Operations(true, schemas), schemas, types);
        ObjectNode components = document.putObject("components").putObject("schemas");
        schemas.complete().forEach(components::set);
        return document;
    }

    private ObjectNode v2Tree(Map<String, List<ResourceType<?>>> groups) {
        ObjectNode document = NODES.objectNode().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        Schemas schemas = new Schemas(false);
        ObjectNode paths = document.putObject("paths");
        Operations operations = new Operations(false, schemas);
        groups.values().forEach(types -> addAll(paths, operations, schemas, types));
        ObjectNode definitions = document.putObject("definitions");
        schemas.complete().forEach(definitions::set);
        return document;
    }

    private static void addAll(ObjectNode paths, Operations operations, Schemas schemas, List<ResourceType<?>> types) {
        for (ResourceType<?> type : types) {
            operations.add(paths, type);
            if (type.isCustom()) {
                continue; // their operations refer to them
            }
            Descriptor message = type.prototype().getDescriptorForType();
            schemas.reference(message);
            Descriptor list = message.getFile().findMessageTypeByName(message.getName() + "List");
            if (list != null) {
                schemas.reference(list);
            }
        }
    }
}
