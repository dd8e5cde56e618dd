package io.jollyboat.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.apiserver.validation.Validators;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Definitions, created or changed, and the errors that upstream's own validation found in them. */
class DefinitionAnswersTest {
    private static final ResourceType<CustomResourceDefinition> TYPE = Kinds.of(CustomResourceDefinition.class);

    @Test
    void definitionsAreRefusedForWhatUpstreamRefusesThem() {
        List<String> differences = new ArrayList<>();
        List<JsonNode> lines = UpstreamAnswersTest.lines("definitions.jsonl");
        for (JsonNode line : lines) {
            CustomResourceDefinition definition = definition(line.path("definition"));
            List<FieldError> errors = line.has("old")
                    ? Validators.validateUpdate(TYPE, definition, definition(line.path("old")))
                    : Validators.validateCreate(TYPE, definition);
            List<String> found = errors.stream()
                    .map(error -> error.field() + " " + error.type().reason() + " " + error.detail())
                    .sorted()
                    .toList();
            List<String> expected = line.path("errors")
                    .valueStream()
                    .map(each -> each.get(0).asString() + " " + each.get(1).asString() + " "
                            + each.get(2).asString())
                    .sorted()
                    .toList();
            if (!Objects.equals(found, expected)) {
                List<String> missing = new ArrayList<>(expected);
                found.forEach(missing::remove);
                List<String> beyond = new ArrayList<>(found);
                expected.forEach(beyond::remove);
                differences.add(line.path("id").asString() + ": missing " + missing + ", beyond " + beyond);
            }
        }
        assertThat(lines).hasSizeGreaterThan(300);
        if (!differences.isEmpty()) {
            fail(differences.size() + " of " + lines.size() + " differ:\n"
                    + String.join("\n", differences.subList(0, Math.min(differences.size(), 60))));
        }
    }

    private static CustomResourceDefinition definition(JsonNode json) {
        CustomResourceDefinition.Builder definition =
                JsonCodec.decode(json, CustomResourceDefinition.getDefaultInstance(), Strictness.STRICT)
                        .message()
                        .toBuilder();
        definition.getMetadataBuilder().setResourceVersion("1");
        for (CustomResourceDefinitionVersion version : definition.getSpec().getVersionsList()) {
            if (version.getStorage()) {
                definition.getStatusBuilder().addStoredVersions(version.getName());
            }
        }
        return definition.build();
    }
}
