package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stored bytes against what upstream stored, and the forms made of them. */
final class StoredBytesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void readsWhatUpstreamStored() throws IOException {
        int checked = 0;
        for (String line : Files.readAllLines(Facts.recording("etcd-keys.txt"))) {
            if (!line.startsWith("{\"key\"")) {
                continue;
            }
            JsonNode recorded = JSON.readTree(line);
            ObjectNode object = (ObjectNode) recorded.get("object");
            Optional<ResourceType<?>> type = Kinds.builtIn()
                    .byKind(
                            object.get("apiVersion").asString(),
                            object.get("kind").asString());
            // Custom resources come with their own codec.
            if (type.isEmpty()) {
                continue;
            }
            Entry entry = entry(type.get(), recorded);
            ObjectNode json = (ObjectNode) JSON.readTree(entry.json());
            object.remove("kind");
            object.remove("apiVersion");
            // The recording leaves descriptions out.
            json.remove("description");
            assertThat(json).isEqualTo(object);
            assertThat(type.get().prototype().getParserForType().parseFrom(entry.protobuf()))
                    .isEqualTo(entry.object());
            assertThat(entry.meta().getResourceVersion())
                    .isEqualTo(recorded.get("mod_revision").asString());
            if (type.get().kind().equals("CustomResourceDefinition")) {
                assertThat(entry.resource().codec().encode(entry.object()).toStringUtf8())
                        .isEqualTo(stored(recorded).toStringUtf8().stripTrailing());
            }
            checked++;
        }
        assertThat(checked).isGreaterThanOrEqualTo(12);
    }

    private static Entry entry(ResourceType<?> type, JsonNode recorded) {
        StoredResource resource = BuiltInResources.of(type);
        String key = recorded.get("key").asString();
        assertThat(key).startsWith(resource.prefix());
        KeyValue stored = new KeyValue(
                ByteString.copyFromUtf8(key),
                stored(recorded),
                recorded.get("create_revision").asLong(),
                recorded.get("mod_revision").asLong(),
                0);
        return EntryReader.read(resource, EntryReader.key(resource, stored), stored);
    }

    private static ByteString stored(JsonNode recorded) {
        return ByteString.copyFrom(HexFormat.of().parseHex(recorded.get("hex").asString()));
    }

    @Test
    void definitionsAreStoredAsUpstreamStoresThem() {
        String served = """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"group":"g","names":{},\
                "scope":"Cluster","versions":[{"name":"v1","schema":{"a":1},"subresources":{"status":{}},\
                "additionalPrinterColumns":[{"name":"c","jsonPath":".x"}]},{"name":"v2","schema":{"a":2},\
                "subresources":{"status":{}},"additionalPrinterColumns":[{"name":"c","jsonPath":".x"}]}],\
                "conversion":{"strategy":"Webhook","webhook":{"clientConfig":{"url":"u"},\
                "conversionReviewVersions":["v1"]}}}}""";
        ObjectNode tree = (ObjectNode) JSON.readTree(served);
        DefinitionStoredForm.toStored(tree);
        assertThat(JSON.writeValueAsString(tree)).isEqualTo("""
                {"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition","spec":{"group":"g",\
                "version":"v1","names":{},"scope":"Cluster","subresources":{"status":{}},\
                "versions":[{"name":"v1","schema":{"a":1}},{"name":"v2","schema":{"a":2}}],\
                "additionalPrinterColumns":[{"name":"c","JSONPath":".x"}],\
                "conversion":{"strategy":"Webhook","webhookClientConfig":{"url":"u"},\
                "conversionReviewVersions":["v1"]},"preserveUnknownFields":false}}""");
        DefinitionStoredForm.toServed(tree);
        ((ObjectNode) tree.get("spec")).remove("preserveUnknownFields");
        assertThat(tree).isEqualTo(JSON.readTree(served));
    }

    @Test
    void resourceVersionIsNotStoredAndIsThereWhenRead() throws IOException {
        ConfigMap map = ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName("n")
                        .setNamespace("ns")
                        .setUid("u")
                        .setResourceVersion("7")
                        .setGeneration(3))
                .putData("k", "v")
                .build();
        StoredResource resource = BuiltInResources.of(Kinds.of(ConfigMap.class));
        ByteString body = resource.codec().encode(map);
        assertThat(ConfigMap.parseFrom(body).getMetadata().getResourceVersion()).isEmpty();
        assertThat(resource.codec().unwrap(resource.codec().wrap(body))).isEqualTo(body);
        Message expected = map.toBuilder()
                .setMetadata(map.getMetadata().toBuilder().setResourceVersion("1234567"))
                .build();
        assertThat(resource.codec().decode(body, 1_234_567)).isEqualTo(expected);
        assertThat(resource.codec().protobuf(body, 1_234_567)).isEqualTo(expected.toByteString());
        assertThat(new String(resource.codec().json(body, 8), StandardCharsets.UTF_8))
                .isEqualTo("{\"metadata\":{\"name\":\"n\",\"namespace\":\"ns\",\"uid\":\"u\",\"resourceVersion\":\"8\","
                        + "\"generation\":3},\"data\":{\"k\":\"v\"}}");
    }

    @Test
    void jsonStoredKindsKeepUpstreamsForm() {
        ResourceType<?> type = Kinds.builtIn()
                .byKind("apiregistration.k8s.io/v1", "APIService")
                .orElseThrow();
        StoredResource resource = BuiltInResources.of(type);
        Message object = type.withMeta(
                type.prototype(),
                ObjectMeta.newBuilder()
                        .setName("v1.apps")
                        .setResourceVersion("3")
                        .build());
        ByteString stored = resource.codec().wrap(resource.codec().encode(object));
        assertThat(stored.toStringUtf8())
                .startsWith(
                        "{\"kind\":\"APIService\",\"apiVersion\":\"apiregistration.k8s.io/v1\",\"metadata\":{\"name\":"
                                + "\"v1.apps\"")
                .endsWith("}\n")
                .doesNotContain("resourceVersion");
        Entry entry = Entry.of(resource, "v1.apps", resource.codec().unwrap(stored), 9, 9);
        assertThat(entry.meta().getResourceVersion()).isEqualTo("9");
        assertThat(new String(entry.json(), StandardCharsets.UTF_8))
                .startsWith("{\"metadata\":{\"name\":\"v1.apps\",\"resourceVersion\":\"9\"");
    }

    @Test
    void entryEncodesOncePerFormat() {
        Pod pod = Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName("p")
                        .setNamespace("ns")
                        .setUid("u")
                        .putLabels("a", "b"))
                .setSpec(PodSpec.newBuilder().setNodeName("node-1"))
                .build();
        StoredResource resource = BuiltInResources.of(Kinds.of(Pod.class));
        Entry entry = Entry.of(resource, "ns/p", resource.codec().encode(pod), 5, 4);
        assertThat(entry.json()).isSameAs(entry.json());
        int[] calls = {0};
        EntryEncoder counting = e -> {
            calls[0]++;
            return e.name().getBytes(StandardCharsets.UTF_8);
        };
        assertThat(entry.encoded(counting)).isSameAs(entry.encoded(counting)).isEqualTo(new byte[] {'p'});
        assertThat(calls[0]).isEqualTo(1);
        assertThat(entry.namespace()).isEqualTo("ns");
        assertThat(entry.labels()).containsEntry("a", "b");
        assertThat(entry.indexed(StoredResource.NODE_NAME)).containsExactly("node-1");
        entry.cool();
        assertThat(((Pod) entry.object()).getSpec().getNodeName()).isEqualTo("node-1");
        assertThat(StorageKeys.suffix(entry.namespace(), entry.name())).isEqualTo(entry.key());
    }
}
