package io.jollyboat.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.apiserver.Seeds;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds of patches whatever is in them, on deployments with random fields. */
class PatchPropertiesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int TRIES = 300;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private static JsonNode tree(Message object) {
        return JsonCodec.toTree(object, "apps/v1", "Deployment");
    }

    private static Message message(JsonNode tree) {
        return JsonCodec.decode(tree, Deployment.getDefaultInstance(), Strictness.STRICT)
                .message();
    }

    private static Message apply(Message object, PatchForm form, JsonNode patch) {
        byte[] bytes = patch.toString().getBytes(StandardCharsets.UTF_8);
        return Patches.apply(object, "apps/v1", "Deployment", form, bytes, Strictness.STRICT)
                .object();
    }

    /** @param names those that are not touched by anybody else */
    private static ObjectNode deployment(Random random, List<String> names) {
        ObjectNode object = JSON.createObjectNode();
        ObjectNode labels = object.putObject("metadata").putObject("labels");
        ArrayNode containers =
                object.putObject("spec").putObject("template").putObject("spec").putArray("containers");
        for (String name : names) {
            if (random.nextBoolean()) {
                labels.put("l-" + name, "v" + random.nextInt(3));
            }
            if (random.nextBoolean()) {
                ObjectNode container = containers.addObject().put("name", name).put("image", "i" + random.nextInt(3));
                ArrayNode variables = container.putArray("env");
                for (String variable : NAMES) {
                    if (random.nextBoolean()) {
                        variables.addObject().put("name", variable).put("value", "v" + random.nextInt(3));
                    }
                }
            }
        }
        return object;
    }

    private static Message random(Random random) {
        return message(deployment(random, NAMES));
    }

    /** What makes one tree of another, as RFC 7386 has it. */
    private static JsonNode difference(JsonNode from, JsonNode to) {
        if (!(from instanceof ObjectNode before) || !(to instanceof ObjectNode after)) {
            return to;
        }
        ObjectNode patch = JSON.createObjectNode();
        before.propertyNames().forEach(name -> {
            if (!after.has(name)) {
                patch.putNull(name);
            }
        });
        after.properties().forEach(field -> {
            if (!field.getValue().equals(before.get(field.getKey()))) {
                patch.set(
                        field.getKey(),
                        before.has(field.getKey())
                                ? difference(before.get(field.getKey()), field.getValue())
                                : field.getValue());
            }
        });
        return patch;
    }

    @Test
    void aMergePatchOfTheDifferenceMakesTheOther() {
        Seeds.each(TRIES, random -> {
            Message from = random(random);
            Message to = random(random);
            assertThat(apply(from, PatchForm.MERGE, difference(tree(from), tree(to))))
                    .isEqualTo(to);
        });
    }

    @Test
    void whatIsMergedTwiceIsMergedOnce() {
        Seeds.each(TRIES, random -> {
            Message object = random(random);
            JsonNode patch = deployment(random, NAMES);
            for (PatchForm form : List.of(PatchForm.MERGE, PatchForm.STRATEGIC_MERGE)) {
                Message once = apply(object, form, patch);
                assertThat(apply(once, form, patch)).as("%s", form).isEqualTo(once);
            }
        });
    }

    /** Those of one patch have nothing to do with those of the other; what is new comes last, in the order of patches. */
    @Test
    void strategicPatchesOfDifferentFieldsMayComeInAnyOrder() {
        Seeds.each(TRIES, random -> {
            Message object = message(deployment(random, NAMES));
            JsonNode one = deployment(random, NAMES.subList(0, 2));
            JsonNode other = deployment(random, NAMES.subList(2, 4));
            Message first = apply(apply(object, PatchForm.STRATEGIC_MERGE, one), PatchForm.STRATEGIC_MERGE, other);
            Message second = apply(apply(object, PatchForm.STRATEGIC_MERGE, other), PatchForm.STRATEGIC_MERGE, one);
            assertThat(sorted(first)).isEqualTo(sorted(second));
        });
    }

    private static Deployment sorted(Message message) {
        Deployment.Builder deployment = ((Deployment) message).toBuilder();
        var spec = deployment.getSpecBuilder().getTemplateBuilder().getSpecBuilder();
        var containers = spec.getContainersList().stream()
                .sorted(java.util.Comparator.comparing(container -> container.getName()))
                .toList();
        spec.clearContainers().addAllContainers(containers);
        return deployment.build();
    }
}
