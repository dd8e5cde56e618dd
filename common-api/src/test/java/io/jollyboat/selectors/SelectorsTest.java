package io.jollyboat.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.codec.Facts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class SelectorsTest {
    @Test
    void malformedSelectorsHaveUpstreamsTexts() {
        int compared = 0;
        for (JsonNode line : Facts.lines("validation.jsonl")) {
            String id = line.get("id").asString();
            if (!id.startsWith("list/labelSelector=")) {
                continue;
            }
            String text = URLDecoder.decode(id.substring("list/labelSelector=".length()), StandardCharsets.UTF_8);
            compared++;
            if (line.get("code").asInt() == 200) {
                LabelSelectors.parse(text);
                continue;
            }
            assertThatThrownBy(() -> LabelSelectors.parse(text))
                    .as(text)
                    .hasMessage(line.get("response").get("message").asString());
        }
        assertThat(compared).isGreaterThan(8);
    }

    @Test
    void labelsMatch() {
        Map<String, String> labels = Map.of("app", "web", "tier", "front", "n", "5");
        assertThat(LabelSelectors.parse("app=web,tier!=back,n>4").matches(labels))
                .isTrue();
        assertThat(LabelSelectors.parse("app in (web, db),!gone,tier").matches(labels))
                .isTrue();
        assertThat(LabelSelectors.parse("app notin (web)").matches(labels)).isFalse();
        assertThat(LabelSelectors.parse("absent notin (x),absent!=y").matches(labels))
                .isTrue();
        assertThat(LabelSelectors.parse("n<5").matches(labels)).isFalse();
        assertThat(LabelSelectors.parse("tier,app in (db,web)")).hasToString("app in (db,web),tier");
        assertThat(LabelSelectors.nothing().matches(Map.of())).isFalse();
    }

    @Test
    void fieldsMatch() {
        FieldMatcher matcher = FieldSelectors.parse("spec.nodeName=n1,status.phase!=Failed");
        assertThat(matcher.matches(Map.of("spec.nodeName", "n1", "status.phase", "Running")::get))
                .isTrue();
        assertThat(matcher.matches(Map.of("spec.nodeName", "n1", "status.phase", "Failed")::get))
                .isFalse();
        assertThat(matcher.exactValue("spec.nodeName")).contains("n1");
        assertThat(FieldSelectors.parse("a=b\\,c").terms().getFirst().value()).isEqualTo("b,c");
        assertThatThrownBy(() -> FieldSelectors.parse("metadata.name in (a)"))
                .hasMessage("invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'");
        assertThatThrownBy(() -> FieldSelectors.parse("metadata.name===x"))
                .hasMessage("invalid field selector: unescaped character in value: 61");
    }
}
