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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Definitions, created or changed, and the errors that upstream's own validation found in them. */
class DefinitionAnswersTest {
    private static final ResourceType<CustomResourceDefinition> TYPE = Kinds.of(CustomResourceDefinition.class);

    @Test
    void definitionsAreRefusedForWhatUpstreamRefusesThem() {
        compare("definitions.jsonl", 300);
    }

    @Test
    void rulesAreRefusedForWhatUpstreamRefusesThem() {
        compare("rule-definitions.jsonl", 40);
    }

    private static void compare(String name, int atLeast) {
        List<String> differences = new ArrayList<>();
        List<JsonNode> lines = UpstreamAnswersTest.lines(name);
        for (JsonNode line : lines) {
            CustomResourceDefinition definition = definition(line.path("definition"));
            List<FieldError> errors = line.has("old")
                    ? Validators.validateUpdate(TYPE, definition, definition(line.path("old")))
                    : Validators.validateCreate(TYPE, definition);
            String difference = UpstreamAnswersTest.difference(line.path("errors"), errors);
            if (!difference.isEmpty()) {
                differences.add(line.path("id").asString() + ": " + difference);
            }
        }
        assertThat(lines).hasSizeGreaterThan(atLeast);
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
