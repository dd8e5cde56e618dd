package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * fabric8's model reads our JSON and writes the same tree again, and we read and write what it declares. Not compared:
 * what 1.37 changed, which the model has already, and the nulls that Go writes for absent lists, which it leaves out.
 */
final class Fabric8ModelTest {
    private static final int ROUNDS = 15;
    /** Of strings and quantities. */
    private static final Set<String> ZERO_TEXTS = Set.of("", "0");

    /** Versions of the API that fabric8 has not, or has left behind. */
    private static final List<String> UNKNOWN_KINDS = List.of(
            "certificates.k8s.io/v1alpha1 ClusterTrustBundle",
            "internal.apiserver.k8s.io/v1alpha1 StorageVersion",
            "networking.k8s.io/v1beta1 IPAddress",
            "networking.k8s.io/v1beta1 ServiceCIDR",
            "scheduling.k8s.io/v1alpha1 Workload",
            "storage.k8s.io/v1beta1 VolumeAttributesClass");

    private final ObjectMapper mapper = new ObjectMapper();
    private final KubernetesSerialization fabric8 = new KubernetesSerialization(mapper, true);

    Fabric8ModelTest() {
        // Its catch-all for unknown fields would carry what it does not know from one side to the other.
        mapper.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
            private static final long serialVersionUID = 1;

            @Override
            public Boolean hasAnySetter(Annotated annotated) {
                return ((AnnotatedMember) annotated).getDeclaringClass() == FieldsV1.class;
            }
        });
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @Test
    void itReadsWhatWeWrite() {
        TreeSet<String> wrong = new TreeSet<>();
        int compared = 0;
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            Class<? extends KubernetesResource> model = model(type);
            if (model == null) {
                continue;
            }
            for (long seed = 0; seed < ROUNDS; seed++) {
                Message message = Normalizer.normalize(new RandomMessages(seed).next((Message) type.prototype()));
                compared++;
                compare(type, model, JsonCodec.encode(message, type.apiVersion(), type.kind()), wrong);
            }
        }
        assertThat(wrong).as("of %d objects", compared).isEmpty();
        assertThat(compared).isGreaterThan(50 * ROUNDS);
    }

    private Class<? extends KubernetesResource> model(ResourceType<?> type) {
        return fabric8.getRegisteredKubernetesResource(type.apiVersion(), type.kind());
    }

    private void compare(
            ResourceType<?> type, Class<? extends KubernetesResource> model, byte[] json, Set<String> wrong) {
        try {
            JsonNode ours = mapper.readTree(json);
            // 1.37 has other fields in its place.
            ours.path("status")
                    .path("nodeAllocatableResourceClaimStatuses")
                    .forEach(status -> ((ObjectNode) status).remove("resources"));
            JsonNode theirs = mapper.valueToTree(mapper.treeToValue(ours, model));
            JsonNode back = mapper.readTree(roundTrip(type, mapper.writeValueAsBytes(theirs)));
            difference(type + " and back", without(ours, JsonNode::isNull), without(back, JsonNode::isNull), wrong);
            difference(type.toString(), without(ours, JsonNode::isNull), without(theirs, JsonNode::isNull), wrong);
        } catch (DecodeException | java.io.IOException e) {
            wrong.add(type + ": " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static byte[] roundTrip(ResourceType<?> type, byte[] json) {
        Decoded<? extends Message> decoded = JsonCodec.decode(json, type.prototype(), Strictness.STRICT);
        return JsonCodec.encode(decoded.message(), type.apiVersion(), type.kind());
    }

    /** The tree without those members of objects that are dispensable. */
    private static JsonNode without(JsonNode node, Predicate<JsonNode> dispensable) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> without(member.getValue(), dispensable));
            List<String> gone = object.properties().stream()
                    .filter(member -> dispensable.test(member.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            object.remove(gone);
        } else if (node instanceof ArrayNode list) {
            list.forEach(item -> without(item, dispensable));
        }
        return node;
    }

    /** What Go writes for fields that have no {@code omitempty} and no value, and leaves out for those that have it. */
    private static boolean isZero(JsonNode node) {
        return node.isNull()
                || (node.isContainerNode() && node.isEmpty())
                || (node.isTextual() && ZERO_TEXTS.contains(node.textValue()))
                || (node.isBoolean() && !node.booleanValue())
                || (node.isNumber() && node.doubleValue() == 0);
    }

    private static void difference(String path, JsonNode a, JsonNode b, Set<String> into) {
        if (a == null || b == null) {
            into.add(path + ": " + a + " / " + b);
        } else if (a.isObject() && b.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            a.fieldNames().forEachRemaining(names::add);
            b.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> difference(path + "." + name, a.get(name), b.get(name), into));
        } else if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                difference(path + "[]", a.get(i), b.get(i), into);
            }
        } else if (!a.equals(b) && !(a.isNumber() && b.isNumber() && a.asText().equals(b.asText()))) {
            into.add(path + ": " + a + " / " + b);
        }
    }

    @Test
    void weReadWhatItDeclares() {
        TreeSet<String> wrong = new TreeSet<>();
        int compared = 0;
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            Class<? extends KubernetesResource> model = model(type);
            if (model == null) {
                continue;
            }
            for (long seed = 0; seed < ROUNDS; seed++) {
                JsonNode theirs = new Fabric8Objects(mapper, seed).next(model, type.apiVersion(), type.kind());
                compared++;
                try {
                    byte[] ours = roundTrip(type, theirs.toString().getBytes(StandardCharsets.UTF_8));
                    difference(
                            type.toString(),
                            without(theirs, Fabric8ModelTest::isZero),
                            without(mapper.readTree(ours), Fabric8ModelTest::isZero),
                            wrong);
                } catch (DecodeException | java.io.IOException e) {
                    wrong.add(type + ": " + e.getMessage());
                }
            }
        }
        assertThat(wrong).as("of %d objects", compared).isEmpty();
        assertThat(compared).isGreaterThan(50 * ROUNDS);
    }

    @Test
    void itKnowsTheKinds() {
        assertThat(Kinds.builtIn().all())
                .filteredOn(type -> model(type) == null)
                .extracting(ResourceType::toString)
                .containsExactlyInAnyOrderElementsOf(UNKNOWN_KINDS);
    }

    /** Objects that an upstream server answered: the same tree through the model and through us. */
    @Test
    void recordedObjects() {
        Set<String> wrong = new TreeSet<>();
        int compared = 0;
        for (var line : Facts.lines("defaults.jsonl")) {
            String apiVersion = line.path("output").path("apiVersion").asString("");
            String kind = line.path("output").path("kind").asString("");
            var model = fabric8.getRegisteredKubernetesResource(apiVersion, kind);
            Optional<ResourceType<?>> type = Kinds.builtIn().byKind(apiVersion, kind);
            if (line.path("status").asInt() < 300 && model != null && type.isPresent()) {
                compared++;
                String upstream =
                        UpstreamFormTest.placeholders(line.get("output").toString());
                compare(type.get(), model, upstream.getBytes(StandardCharsets.UTF_8), wrong);
            }
        }
        assertThat(wrong).as("of %d objects", compared).isEmpty();
        assertThat(compared).isGreaterThan(150);
    }
}
