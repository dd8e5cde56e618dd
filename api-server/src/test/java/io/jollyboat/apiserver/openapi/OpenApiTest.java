package io.jollyboat.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.jollyboat.api.gnostic.Document;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.kinds.Kinds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

final class OpenApiTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final OpenApi documents = new OpenApi(new ServedKinds(Kinds.builtIn()), "v1.36.2");

    @Test
    void everyReferenceLeadsToASchema() {
        JsonNode index = MAPPER.readTree(documents.v3Index());
        assertThat(index.get("paths").propertyNames()).contains("api/v1", "apis/apps/v1", "apis/networking.k8s.io/v1");
        for (String path : index.get("paths").propertyNames()) {
            JsonNode document = MAPPER.readTree(documents.v3(path, false).orElseThrow());
            List<String> dangling = new ArrayList<>();
            Set<String> known =
                    new HashSet<>(document.get("components").path("schemas").propertyNames());
            dangling(document, "#/components/schemas/", known, dangling);
            assertThat(dangling).as(path).isEmpty();
            assertThat(index.get("paths").get(path).get("serverRelativeURL").asString())
                    .isEqualTo("/openapi/v3/" + path + "?hash=" + documents.v3Hash(path));
        }
        JsonNode v2 = MAPPER.readTree(documents.v2(false));
        List<String> dangling = new ArrayList<>();
        dangling(v2, "#/definitions/", new HashSet<>(v2.get("definitions").propertyNames()), dangling);
        assertThat(dangling).isEmpty();
    }

    /** kubectl looks for this parameter before it leaves validation to the server. */
    @Test
    void patchesSayThatFieldsAreValidated() {
        JsonNode document = MAPPER.readTree(documents.v3("apis/apps/v1", false).orElseThrow());
        JsonNode patch = document.get("paths")
                .get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .get("patch");
        assertThat(patch.get("parameters").toString()).contains("\"name\":\"fieldValidation\"");
        assertThat(patch.get("x-kubernetes-group-version-kind").toString())
                .isEqualTo("{\"group\":\"apps\",\"kind\":\"Deployment\",\"version\":\"v1\"}");
    }

    /** Old kubectl refuses a manifest without a required field itself. */
    @Test
    void whatIsAlwaysWrittenNeedNotBeGiven() {
        JsonNode definitions = MAPPER.readTree(documents.v2(false)).get("definitions");
        assertThat(definitions.get("io.k8s.api.core.v1.Event").get("required").toString())
                .isEqualTo("[\"metadata\",\"involvedObject\"]");
        assertThat(definitions
                        .get("io.k8s.api.apps.v1.StatefulSetSpec")
                        .get("required")
                        .toString())
                .isEqualTo("[\"selector\",\"template\"]");
        assertThat(definitions.get("io.k8s.api.rbac.v1.RoleRef").get("required").toString())
                .isEqualTo("[\"kind\",\"name\"]");
        assertThat(definitions.get("io.k8s.api.networking.v1.NetworkPolicySpec").has("required"))
                .isFalse();
    }

    @Test
    void everyFieldIsExplained() {
        JsonNode definitions = MAPPER.readTree(documents.v2(false)).get("definitions");
        List<String> mute = new ArrayList<>();
        definitions.properties().forEach(type -> {
            if (!type.getValue().has("description")) {
                mute.add(type.getKey());
            }
            type.getValue().path("properties").properties().forEach(field -> {
                if (!field.getValue().has("description")) {
                    mute.add(type.getKey() + "." + field.getKey());
                }
            });
        });
        assertThat(mute).isEmpty();
        assertThat(definitions
                        .get("io.k8s.api.core.v1.Service")
                        .get("description")
                        .asString())
                .isEqualTo("A name and address for a set of pods.");
        // Texts of one version hold for the others too, where these have none.
        assertThat(definitions
                        .get("io.k8s.api.autoscaling.v1.CrossVersionObjectReference")
                        .get("properties")
                        .get("kind")
                        .get("description")
                        .asString())
                .isEqualTo("Its kind.");
    }

    @Test
    void schemasCarryWhatPatchesNeed() {
        JsonNode schemas = MAPPER.readTree(documents.v3("api/v1", false).orElseThrow())
                .get("components")
                .get("schemas");
        JsonNode ports =
                schemas.get("io.k8s.api.core.v1.Container").get("properties").get("ports");
        assertThat(ports.get("x-kubernetes-patch-merge-key").asString()).isEqualTo("containerPort");
        assertThat(ports.get("x-kubernetes-list-map-keys").toString()).isEqualTo("[\"containerPort\",\"protocol\"]");
        assertThat(schemas.get("io.k8s.api.core.v1.Probe").get("properties").has("httpGet"))
                .as("fields of inlined messages are the object's own")
                .isTrue();
        assertThat(schemas.get("io.k8s.api.core.v1.PodSpec").get("required").toString())
                .isEqualTo("[\"containers\"]");
    }

    /** Read back by the messages' own fields; the bytes were compared with those of gnostic's parser by hand. */
    @Test
    void theProtobufFormsSayTheSame() throws Exception {
        JsonNode v2 = MAPPER.readTree(documents.v2(false));
        assertThat(tree(Document.parseFrom(documents.v2(true)))).isEqualTo(v2);
        for (String path : List.of("api/v1", "apis/apps/v1", "apis/batch", "version")) {
            JsonNode v3 = MAPPER.readTree(documents.v3(path, false).orElseThrow());
            assertThat(tree(io.jollyboat.api.gnostic.v3.Document.parseFrom(
                            documents.v3(path, true).orElseThrow())))
                    .as(path)
                    .isEqualTo(withoutObjectDefaults(v3));
        }
    }

    /** The message of version 3 has no place for defaults that are objects. */
    private static JsonNode withoutObjectDefaults(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("default").isObject()
                && object.path("default").isEmpty()) {
            object.remove("default");
        }
        node.forEach(OpenApiTest::withoutObjectDefaults);
        return node;
    }

    /** What a message says, as the document that it stands for. */
    private static JsonNode tree(Message message) {
        ObjectNode object = MAPPER.createObjectNode();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            String name = field.getName().equals("_ref") ? "$ref" : field.getJsonName();
            if (field.getContainingOneof() != null) {
                return value(entry.getValue());
            } else if (name.equals("yaml")) {
                return MAPPER.readTree(entry.getValue().toString());
            } else if (!field.isRepeated()) {
                JsonNode value = value(entry.getValue());
                if (!value.isMissingNode()) {
                    object.set(name, value);
                }
            } else if (field.getJavaType() == JavaType.MESSAGE
                    && field.getMessageType().getName().startsWith("Named")) {
                for (Object named : (List<?>) entry.getValue()) {
                    List<FieldDescriptor> parts = field.getMessageType().getFields();
                    JsonNode value = value(((Message) named).getField(parts.get(1)));
                    object.set(((Message) named).getField(parts.get(0)).toString(), value);
                }
            } else {
                ArrayNode array = MAPPER.createArrayNode();
                ((List<?>) entry.getValue()).forEach(value -> array.add(value(value)));
                switch (message.getDescriptorForType().getName()) {
                    case "TypeItem", "ItemsItem" -> {
                        return array.get(0);
                    }
                    case "StringArray" -> {
                        return array;
                    }
                    default -> object.set(name, array);
                }
            }
        }
        boolean nothing =
                object.isEmpty() && message.getDescriptorForType().getName().equals("DefaultType");
        return message.getDescriptorForType().getName().equals("StringArray")
                ? MAPPER.createArrayNode()
                : nothing ? MissingNode.getInstance() : object;
    }

    private static JsonNode value(Object value) {
        return switch (value) {
            case Message message -> tree(message);
            case Boolean flag -> BooleanNode.valueOf(flag);
            // Only whole numbers here, and JSON's tell no difference.
            case Number number -> MAPPER.readTree(Long.toString(number.longValue()));
            default -> StringNode.valueOf(value.toString());
        };
    }

    private static void dangling(JsonNode node, String prefix, Set<String> known, List<String> into) {
        if (node.isObject() && node.path("$ref").isString()) {
            String reference = node.get("$ref").asString();
            if (!reference.startsWith(prefix) || !known.contains(reference.substring(prefix.length()))) {
                into.add(reference);
            }
        }
        node.forEach(child -> dangling(child, prefix, known, into));
    }
}
