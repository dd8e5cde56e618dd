package io.jollyboat.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.errors.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What holds for every schema and object: here, for each schema of the tables with objects that were made for others. */
class CustomSchemaPropertiesTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int STRIDE = 61;

    @Test
    void anyObjectMeetsAnySchema() {
        List<JsonNode> lines = UpstreamAnswersTest.lines("values.jsonl");
        int accepted = 0;
        for (int i = 0; i < lines.size(); i++) {
            CustomSchema schema = UpstreamAnswersTest.schema(lines.get(i).path("schema"));
            for (int j = i % STRIDE; j < lines.size(); j += STRIDE) {
                String pair = lines.get(i).path("id") + " with " + lines.get(j).path("id");
                ObjectNode object = lines.get(j).path("object").deepCopy().asObject();
                accepted += holds(schema, object, pair) ? 1 : 0;
            }
        }
        assertThat(accepted).isPositive();
    }

    /** True where the object could be read. */
    private static boolean holds(CustomSchema schema, ObjectNode object, String pair) {
        try {
            schema.prune(object);
        } catch (DecodeException e) {
            assertThat(e.stage()).as(pair).isEqualTo(DecodeException.Stage.TYPE);
            return false;
        }
        ObjectNode pruned = object.deepCopy();
        assertThat(schema.prune(object))
                .as("nothing is left to prune: %s", pair)
                .isEmpty();
        assertThat(Equality.same(object, pruned)).as(pair).isTrue();
        schema.applyDefaults(object);
        ObjectNode defaulted = object.deepCopy();
        schema.applyDefaults(object);
        assertThat(Equality.same(object, defaulted))
                .as("defaults change nothing twice: %s", pair)
                .isTrue();
        List<FieldError> errors = schema.validate(object, null);
        ObjectNode read = MAPPER.readTree(MAPPER.writeValueAsBytes(object)).asObject();
        assertThat(schema.validate(read, null))
                .as("what is read again: %s", pair)
                .isEqualTo(errors);
        assertThat(errors).as("an unchanged object is no worse: %s", pair).containsAll(schema.validate(object, read));
        return true;
    }

    @Test
    void deepObjectsAreWalked() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode inner = object.putObject("spec");
        for (int i = 0; i < 450; i++) {
            inner = inner.putObject("a");
        }
        CustomSchema preserving = UpstreamAnswersTest.schema(
                MAPPER.readTree("{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}"));
        assertThat(preserving.prune(object)).isEmpty();
        assertThat(preserving.validate(object, object.deepCopy())).isEmpty();
        CustomSchema closed = UpstreamAnswersTest.schema(MAPPER.readTree("{\"type\":\"object\"}"));
        assertThat(closed.prune(object)).containsExactly("spec");
        assertThat(object.isEmpty()).isTrue();
    }

    @Test
    void equalPlacesAreOneObject() {
        JSONSchemaProps place = JSONSchemaProps.newBuilder()
                .setType("object")
                .putProperties(
                        "name", JSONSchemaProps.newBuilder().setType("string").build())
                .build();
        JSONSchemaProps schema = JSONSchemaProps.newBuilder()
                .setType("object")
                .putProperties("a", place.toBuilder().setDescription("one").build())
                .putProperties("b", place.toBuilder().setDescription("other").build())
                .build();
        SchemaNode node = new SchemaCompiler(false).compile(schema);
        assertThat(node.child("a")).isSameAs(node.child("b"));
    }
}
