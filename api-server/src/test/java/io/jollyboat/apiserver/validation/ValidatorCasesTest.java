package io.jollyboat.apiserver.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.defaults.Defaults;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is wrong with objects and changes, or only worth a warning, case by case, in upstream's words. */
final class ValidatorCasesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Stream<JsonNode> cases() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/validation-cases.jsonl")).stream()
                .filter(line -> !line.isBlank())
                .map(JSON::readTree);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void errors(JsonNode row) {
        String[] resource = row.path("resource").asString().split("/");
        ResourceType<?> type = Kinds.builtIn()
                .byResource(resource[0], resource[1], resource[2])
                .orElseThrow();
        Message object = object(type, row.path("object"));
        if (row.has("warnings")) {
            List<String> wanted = new ArrayList<>();
            row.path("warnings").forEach(warning -> wanted.add(warning.asString()));
            Message old = row.has("old") ? object(type, row.path("old")) : null;
            assertThat(Warnings.of(object, old)).as(row.path("name").asString()).isEqualTo(wanted);
            return;
        }
        List<FieldError> errors;
        if (row.has("change")) {
            Message changed = object(type, merged(row.path("object"), row.path("change")));
            errors = row.has("subresource")
                    ? Validators.validateSubresource(
                            type, changed, object, row.path("subresource").asString())
                    : Validators.validateUpdate(type, changed, object);
        } else {
            errors = Validators.validateCreate(type, object);
        }
        List<String> expected = new ArrayList<>();
        row.path("errors").forEach(error -> expected.add(error.asString()));
        List<String> found = errors.stream()
                .map(FieldError::toString)
                .map(text -> text.split("\n", 2)[0])
                .distinct()
                .toList();
        assertThat(found).as(row.path("name").asString()).isEqualTo(expected);
    }

    private static Message object(ResourceType<?> type, JsonNode json) {
        Message decoded = JsonCodec.decode(json, (Message) type.prototype(), Strictness.STRICT)
                .message();
        var meta = type.meta(decoded).toBuilder();
        if (meta.getName().isEmpty()) {
            meta.setName("a");
        }
        if (type.namespaced()) {
            meta.setNamespace("default");
        }
        return Defaults.apply((Message) type.withMeta(decoded, meta.build()));
    }

    private static JsonNode merged(JsonNode old, JsonNode change) {
        if (!old.isObject() || !change.isObject()) {
            return change;
        }
        var result = JSON.createObjectNode();
        old.properties().forEach(entry -> result.set(entry.getKey(), entry.getValue()));
        change.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                result.remove(entry.getKey());
            } else {
                JsonNode before = result.path(entry.getKey());
                result.set(entry.getKey(), merged(before, entry.getValue()));
            }
        });
        return result;
    }
}
