package io.jollyboat.controllers.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ReplicaSets that an upstream server showed: their names must follow from their templates. */
class RecordedTemplatesTest {
    @Test
    void hashesOfRecordedReplicaSets() throws Exception {
        String root = System.getenv().getOrDefault("JOLLY_FACTS", "../../shared/facts");
        Path folder = Path.of(root, "upstream");
        assumeTrue(Files.isDirectory(folder), "no recordings at " + folder);
        Map<String, String> computed = new LinkedHashMap<>();
        for (String file : new String[] {"tables.jsonl", "dialogues.jsonl"}) {
            try (Stream<String> lines = Files.lines(folder.resolve(file))) {
                lines.filter(line -> line.contains("pod-template-hash"))
                        .forEach(line -> visit(JsonMapper.shared().readTree(line), computed));
            }
        }
        assertThat(computed)
                .hasSizeGreaterThan(5)
                .allSatisfy((recorded, ours) -> assertThat(ours).isEqualTo(recorded));
    }

    private static void visit(JsonNode json, Map<String, String> computed) {
        if (json.path("kind").asString("").equals("ReplicaSet")
                && json.path("spec")
                        .path("template")
                        .path("metadata")
                        .path("labels")
                        .has(PodTemplates.HASH_LABEL)) {
            ReplicaSet rs = JsonCodec.decode(strip(json), ReplicaSet.getDefaultInstance(), Strictness.IGNORE)
                    .message();
            computed.put(
                    rs.getSpec().getTemplate().getMetadata().getLabelsOrThrow(PodTemplates.HASH_LABEL),
                    TemplateHash.of(PodTemplates.withoutHash(rs.getSpec().getTemplate()), null));
            return;
        }
        for (JsonNode child : json) {
            visit(child, computed);
        }
    }

    /** Recorded times are placeholders, which no codec reads; a hash does not depend on them. */
    private static JsonNode strip(JsonNode json) {
        return JsonMapper.shared().createObjectNode().set("spec", json.get("spec"));
    }
}
