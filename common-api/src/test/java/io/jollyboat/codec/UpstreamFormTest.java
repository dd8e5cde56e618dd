package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Objects as an upstream server printed them come out again with the same fields in the same order. */
final class UpstreamFormTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void objectsKeepTheirFormAndOrder() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Facts.lines("defaults.jsonl")) {
            if (line.path("status").asInt() >= 300) {
                continue;
            }
            String expected = placeholders(line.get("output").toString());
            JsonNode object = MAPPER.readTree(expected);
            Optional<ResourceType<?>> type = Kinds.builtIn()
                    .byKind(
                            object.path("apiVersion").asString(),
                            object.path("kind").asString());
            if (type.isEmpty()) {
                continue;
            }
            compared++;
            String actual;
            try {
                actual = MAPPER.readTree(roundTrip(type.get(), expected)).toString();
            } catch (DecodeException e) {
                actual = e.getMessage();
            }
            if (!actual.equals(object.toString())) {
                wrong.add(line.get("id").asString() + "\n  upstream " + object + "\n  ours     " + actual);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isGreaterThan(150);
    }

    private static byte[] roundTrip(ResourceType<?> type, String json) {
        Decoded<? extends Message> decoded = JsonCodec.decode(
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8), type.prototype(), Strictness.STRICT);
        return JsonCodec.encode(decoded.message(), decoded.apiVersion(), decoded.kind());
    }

    static String placeholders(String json) {
        return json.replace("\"<nodePort>\"", "30000")
                .replace("<creationTimestamp>", "2026-01-02T03:04:05Z")
                .replaceAll("\"<[a-zA-Z]*[tT]ime[a-zA-Z]*>\"", "\"2026-01-02T03:04:05Z\"");
    }
}
