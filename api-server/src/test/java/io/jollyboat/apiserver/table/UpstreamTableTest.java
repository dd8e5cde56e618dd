package io.jollyboat.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tables have the columns and cells that an upstream server gave the same objects. */
final class UpstreamTableTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void columns() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Facts.lines("tables.jsonl")) {
            Optional<ResourceType<?>> type = type(line);
            if (!line.get("type").asString().equals("columns") || type.isEmpty()) {
                continue;
            }
            compared++;
            List<String> expected = new ArrayList<>();
            for (JsonNode column : line.get("columnDefinitions")) {
                expected.add(
                        column.get("name").asString() + ":" + column.get("type").asString() + ":"
                                + column.path("format").asString("") + ":"
                                + column.path("priority").asInt(0));
            }
            List<String> actual = TableDefinition.of(type.get()).columns().stream()
                    .map(column ->
                            column.name() + ":" + column.type() + ":" + column.format() + ":" + column.priority())
                    .toList();
            if (!actual.equals(expected)) {
                wrong.add(line.get("resource") + "\n " + expected + "\n " + actual);
            }
        }
        assertThat(wrong).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(55);
    }

    @Test
    void rows() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Facts.lines("tables.jsonl")) {
            Optional<ResourceType<?>> type = type(line);
            // The old version of an autoscaler keeps such metrics in an annotation; its row is made of the stored one.
            boolean old = line.path("groupVersion").asString("").equals("autoscaling/v1")
                    && line.toString().contains("autoscaling.alpha.kubernetes.io/metrics");
            if (!line.get("type").asString().equals("row") || type.isEmpty() || old) {
                continue;
            }
            compared++;
            Message object = JsonCodec.decode(
                            line.get("object"), (Message) type.get().prototype(), Strictness.IGNORE)
                    .message();
            Instant now = Instant.parse(line.get("now").asString());
            JsonNode actual = MAPPER.valueToTree(TableDefinition.of(type.get()).cells(object, now));
            if (!same(line.get("cells"), actual)) {
                wrong.add(line.get("resource") + " " + line.get("cells") + "\n  but " + actual);
            }
        }
        assertThat(wrong).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(400);
    }

    /** The recording's clock and the server's may stand a second apart. */
    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            String left = expected.get(i).asString();
            String right = actual.get(i).asString();
            if (expected.get(i).isNumber() != actual.get(i).isNumber()
                    || expected.get(i).isBoolean() != actual.get(i).isBoolean()) {
                return false;
            }
            if (!left.equals(right) && Math.abs(seconds(left) - seconds(right)) > 1) {
                return false;
            }
        }
        return true;
    }

    /** The seconds of the one duration in a text; NaN-like far apart where the rest differs. */
    private static double seconds(String text) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(
                        "(?:(\\d+) \\()?(?:(\\d+)m)?(?:(\\d+)s)?(?: ago\\))?")
                .matcher(text);
        if (!matcher.matches()) {
            return text.hashCode();
        }
        double total = matcher.group(1) == null ? 0 : 1e6 * Integer.parseInt(matcher.group(1));
        total += matcher.group(2) == null ? 0 : 60 * Integer.parseInt(matcher.group(2));
        return total + (matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)));
    }

    private static Optional<ResourceType<?>> type(JsonNode line) {
        String[] version = line.path("groupVersion").asString("").split("/");
        return version.length == 1
                ? Kinds.builtIn()
                        .byResource("", version[0], line.path("resource").asString(""))
                : Kinds.builtIn()
                        .byResource(
                                version[0], version[1], line.path("resource").asString(""));
    }
}
