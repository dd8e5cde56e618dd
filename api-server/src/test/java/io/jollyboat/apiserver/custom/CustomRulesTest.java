package io.jollyboat.apiserver.custom;

import static io.jollyboat.apiserver.custom.Widgets.DEFINITIONS;
import static io.jollyboat.apiserver.custom.Widgets.created;
import static io.jollyboat.apiserver.custom.Widgets.define;
import static io.jollyboat.apiserver.custom.Widgets.definition;
import static io.jollyboat.apiserver.custom.Widgets.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import org.junit.jupiter.api.Test;

/** Rules in CEL through the REST door: of definitions, of new objects and of changes. */
class CustomRulesTest {
    private static final String SPEC = "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\","
            + "\"maxLength\":20,\"x-kubernetes-validations\":[{\"rule\":\"self == oldSelf\",\"message\":\"stays as it"
            + " is\"}]},\"size\":{\"type\":\"integer\"}},\"x-kubernetes-validations\":[{\"rule\":\"!has(self.size) ||"
            + " self.size < 5\",\"messageExpression\":\"self.size > 6 ? 'far too large' : 'too large'\",\"fieldPath\":\".size\"}]}";

    @Test
    void objectsKeepTheRules() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            define(client, definition("ruled", "Rule", "Cluster", SPEC, ""));
            String path = "/apis/test.example.com/v1/ruled";

            assertThat(message(client.post(path, object("{\"name\":\"a\",\"size\":7}"))))
                    .isEqualTo("Rule.test.example.com \"r\" is invalid: spec.size: Invalid value: far too large");
            assertThat(message(client.post(path, object("{\"name\":1,\"size\":7}"))))
                    .endsWith("<nil>: Invalid value: null: some validation rules were not checked because the object"
                            + " was invalid; correct the existing errors to complete validation]");
            created(client.post(path, object("{\"name\":\"a\",\"size\":3}")));
            ok(client.patch(path + "/r", "{\"spec\":{\"size\":4}}"));
            assertThat(message(client.patch(path + "/r", "{\"spec\":{\"name\":\"b\"}}")))
                    .isEqualTo(
                            "Rule.test.example.com \"r\" is invalid: spec.name: Invalid value: \"b\": stays as it is");

            assertThat(message(client.post(
                            DEFINITIONS,
                            definition("bads", "Bad", "Cluster", SPEC.replace("self.size < 5", "self.sizes < 5"), ""))))
                    .contains("x-kubernetes-validations[0].rule", "undefined field 'sizes'");
        }
    }

    private static String message(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(422);
        return answer.json().path("message").asString();
    }

    private static String object(String spec) {
        return "{\"apiVersion\":\"test.example.com/v1\",\"kind\":\"Rule\",\"metadata\":{\"name\":\"r\"},\"spec\":"
                + spec + "}";
    }
}
