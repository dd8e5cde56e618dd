package io.jollyboat.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.apiserver.validation.EmbeddedMetadata;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.FieldError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas, objects and what upstream's own packages said of them: each line has a schema, an object and perhaps the one
 * before it; what was unknown in it, what became of it by pruning and by defaults (left out where nothing did), and the
 * errors as field, type and text.
 */
class UpstreamAnswersTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void objectsBecomeAndAreRefusedWhatUpstreamSays() {
        compare("values.jsonl");
    }

    @Test
    void rulesFindWhatUpstreamsFind() {
        compare("rules.jsonl");
    }

    private static void compare(String name) {
        List<String> differences = new ArrayList<>();
        int count = 0;
        for (JsonNode line : lines(name)) {
            count++;
            String difference = difference(line);
            if (!difference.isEmpty()) {
                differences.add(line.path("id").asString() + ": " + difference);
            }
        }
        assertThat(count).isGreaterThan(250);
        if (!differences.isEmpty()) {
            fail(differences.size() + " of " + count + " differ:\n"
                    + String.join("\n", differences.subList(0, Math.min(differences.size(), 60))));
        }
    }

    private static String difference(JsonNode line) {
        CustomSchema schema = schema(line.path("schema"));
        ObjectNode object = line.path("object").deepCopy().asObject();
        List<String> unknown = List.of();
        try {
            if (line.path("stored").asBoolean(false)) {
                schema.pruneStored(object);
            } else {
                unknown = schema.prune(object);
                List<String> expected = line.path("unknown")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList();
                if (!unknown.equals(expected)) {
                    return "unknown " + unknown + " instead of " + expected;
                }
            }
        } catch (DecodeException e) {
            return e.getMessage().equals(line.path("malformed").asString("")) ? "" : "malformed: " + e.getMessage();
        }
        if (line.has("malformed")) {
            return "not malformed: " + line.path("malformed");
        }
        JsonNode pruned = line.path(line.has("pruned") ? "pruned" : "object");
        if (!Equality.same(object, pruned)) {
            return "pruned " + object + " instead of " + pruned;
        }
        schema.applyDefaults(object);
        JsonNode defaulted = line.has("defaulted") ? line.path("defaulted") : pruned;
        if (!Equality.same(object, defaulted)) {
            return "defaulted " + object + " instead of " + defaulted;
        }
        ObjectNode old = line.has("old") ? line.path("old").asObject() : null;
        List<FieldError> errors = new ArrayList<>(schema.validateValues(object, old));
        errors.addAll(schema.validateEmbedded(object));
        errors.addAll(schema.validateLists(object, old));
        String difference = difference(line.path("errors"), errors);
        List<FieldError> rules = schema.validateRules(object, old, errors);
        if (!difference.isEmpty()) {
            return difference;
        }
        if (line.path("rules").path(0).asString("").equals("blocked")) {
            boolean blocked =
                    rules.size() == 1 && rules.getFirst().detail().contains("some validation rules were not checked");
            return blocked ? "" : "rules not blocked: " + rules;
        }
        return difference(line.path("rules"), rules);
    }

    static String difference(JsonNode wanted, List<FieldError> errors) {
        List<String> found = errors.stream()
                .map(error -> error.field() + " " + error.type().reason() + " " + error.detail())
                .sorted()
                .toList();
        List<String> expected = wanted.valueStream()
                .map(each -> each.get(0).asString() + " " + each.get(1).asString() + " "
                        + each.get(2).asString())
                .sorted()
                .toList();
        List<String> missing = new ArrayList<>(expected);
        found.forEach(missing::remove);
        List<String> beyond = new ArrayList<>(found);
        expected.forEach(beyond::remove);
        return missing.isEmpty() && beyond.isEmpty() ? "" : "missing " + missing + ", beyond " + beyond;
    }

    static CustomSchema schema(JsonNode json) {
        return CustomSchema.of(
                JsonCodec.decode(json, JSONSchemaProps.getDefaultInstance(), Strictness.STRICT)
                        .message(),
                new EmbeddedMetadata());
    }

    static List<JsonNode> lines(String name) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                        UpstreamAnswersTest.class.getResourceAsStream(name), StandardCharsets.UTF_8));
                Stream<String> lines = reader.lines()) {
            return lines.map(MAPPER::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
