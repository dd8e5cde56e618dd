package io.jollyboat.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ValidatingAdmissionPolicies as clients meet them. Each test has its own policy, which means only its own label. */
class ValidatingPoliciesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ROOT = "/apis/admissionregistration.k8s.io/v1/";
    private static final String MAPS = "/api/v1/namespaces/policies/configmaps";

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        assertThat(client.post(
                                "/api/v1/namespaces",
                                "{'metadata':{'name':'policies','labels':{'team':'a'}}}".replace('\'', '"'))
                        .code())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** A policy about ConfigMaps with the label p=name, its binding with the given rest, and a wait until both apply. */
    private static void policy(String name, String rest, String binding) {
        String spec = """
                {"metadata": {"name": "%s"}, "spec": {"matchConstraints": {
                  "objectSelector": {"matchLabels": {"p": "%s"}},
                  "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
                    "resources": ["configmaps"]}],
                  "excludeResourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"],
                    "resources": ["configmaps"]}]}, %s}}""".formatted(name, name, rest);
        Answer policy = client.post(ROOT + "validatingadmissionpolicies", spec);
        assertThat(policy.code()).as(policy.text()).isEqualTo(201);
        Answer bound = client.post(ROOT + "validatingadmissionpolicybindings", """
                {"metadata": {"name": "%s-b"}, "spec": {"policyName": "%s", %s}}""".formatted(name, name, binding));
        assertThat(bound.code()).as(bound.text()).isEqualTo(201);
    }

    private static Answer create(String policy, String name, String data) {
        return client.post(MAPS + "?dryRun=All", """
                {"metadata": {"name": "%s", "labels": {"p": "%s"}}, "data": {%s}}""".formatted(name, policy, data));
    }

    private static void refused(String policy, String name, int code, String reason, String message) {
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = create(policy, name, "");
            assertThat(answer.code()).as(answer.text()).isEqualTo(code);
            assertThat(answer.json().path("reason").asString()).isEqualTo(reason);
            String text = "ValidatingAdmissionPolicy '" + policy + "' with binding '" + policy + "-b' denied request: "
                    + message;
            assertThat(answer.message()).isEqualTo("configmaps \"" + name + "\" is forbidden: " + text);
            assertThat(answer.json()
                            .path("details")
                            .path("causes")
                            .path(0)
                            .path("message")
                            .asString())
                    .isEqualTo(text);
        });
    }

    @Test
    void denialsHaveTheirMessagesAndReasons() {
        policy("texts", """
                "variables": [{"name": "n", "expression": "object.metadata.name"},
                              {"name": "m", "expression": "variables.n + '!'"}],
                "validations": [
                  {"expression": "variables.n != 'a'", "message": "a is bad"},
                  {"expression": "variables.n != 'b'", "messageExpression": "'not ' + variables.m", "reason": "Forbidden"},
                  {"expression": "variables.n != 'c'"},
                  {"expression": "variables.n != 'd' || object.data.nope == ''"},
                  {"expression": "variables.n != 'e'", "message": "kept", "messageExpression": "string(object.nope)"},
                  {"expression": "namespaceObject.metadata.labels.team == 'a' && request.operation == 'CREATE'"},
                  {"expression": "variables.n != 'f' || !authorizer.group('').resource('pods').check('list').allowed()"},
                  {"expression": "variables.n != 'g' || request.userInfo.username == 'somebody'", "reason": "RequestEntityTooLarge"}]""", "\"validationActions\": [\"Deny\"]");
        refused("texts", "a", 422, "Invalid", "a is bad");
        refused("texts", "b", 403, "Forbidden", "not b!");
        refused("texts", "c", 422, "Invalid", "failed expression: variables.n != 'c'");
        refused(
                "texts",
                "d",
                422,
                "Invalid",
                "expression 'variables.n != 'd' || object.data.nope == ''' resulted in error: no such key: data");
        refused("texts", "e", 422, "Invalid", "kept");
        refused(
                "texts",
                "f",
                422,
                "Invalid",
                "failed expression: variables.n != 'f' || !authorizer.group('').resource('pods').check('list').allowed()");
        refused(
                "texts",
                "g",
                413,
                "RequestEntityTooLarge",
                "failed expression: variables.n != 'g' || request.userInfo.username == 'somebody'");
        assertThat(create("texts", "ok", "").code()).isEqualTo(201);
        assertThat(create("other", "a", "").code()).isEqualTo(201);
    }

    @Test
    void warningsAndPoliciesThatGoAwayLetRequestsThrough() {
        policy(
                "warns",
                "\"validations\": [{\"expression\": \"false\", \"message\": \"never\"}]",
                "\"validationActions\": [\"Warn\", \"Audit\"]");
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = create("warns", "x", "");
            assertThat(answer.code()).isEqualTo(201);
            assertThat(answer.headers().get("warning"))
                    .isEqualTo(
                            List.of(
                                    "299 - \"Validation failed for ValidatingAdmissionPolicy 'warns' with binding 'warns-b': never\""));
        });
        client.send("DELETE", ROOT + "validatingadmissionpolicybindings/warns-b", Map.of(), null);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(create("warns", "x", "").headers()).doesNotContainKey("warning"));
    }

    @Test
    void conditionsAndFailurePolicyDecideWhatIsJudged() {
        policy("conditions", """
                "failurePolicy": "Ignore",
                "matchConditions": [{"name": "named", "expression": "object.metadata.name.startsWith('x')"},
                                    {"name": "broken", "expression": "object.metadata.name != 'xe' || object.nope"}],
                "validations": [{"expression": "object.metadata.name != 'xi' || object.nope == 1"},
                                {"expression": "object.metadata.name == 'xi'"}]""", "\"validationActions\": [\"Deny\"]");
        refused("conditions", "x", 422, "Invalid", "failed expression: object.metadata.name == 'xi'");
        assertThat(create("conditions", "y", "").code()).isEqualTo(201);
        assertThat(create("conditions", "xe", "").code()).isEqualTo(201);
        assertThat(create("conditions", "xi", "").code()).isEqualTo(201);
    }

    @Test
    void parametersAreFoundByNameAndSelector() {
        policy("params", """
                "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
                "validations": [{"expression": "object.metadata.name.size() <= int(params.data.most)",
                                 "messageExpression": "'longer than ' + params.data.most"}]""", """
                "validationActions": ["Deny"],
                "paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"}""");
        refused(
                "params",
                "abc",
                422,
                "Invalid",
                "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
        client.post(MAPS, "{\"metadata\": {\"name\": \"limits\"}, \"data\": {\"most\": \"2\"}}");
        refused("params", "abc", 422, "Invalid", "longer than 2");
        assertThat(create("params", "ab", "").code()).isEqualTo(201);
    }

    @Test
    void manyParametersAreAllAsked() {
        for (String most : List.of("2", "4")) {
            client.post(
                    MAPS,
                    "{\"metadata\": {\"name\": \"sel-" + most
                            + "\", \"labels\": {\"limits\": \"y\"}}, \"data\": {\"most\": \"" + most + "\"}}");
        }
        policy("many", """
                "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
                "validations": [{"expression": "object.metadata.name.size() <= int(params.data.most)",
                                 "messageExpression": "'longer than ' + params.data.most"}]""", """
                "validationActions": ["Warn"],
                "paramRef": {"selector": {"matchLabels": {"limits": "y"}}, "parameterNotFoundAction": "Allow"}""");
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(create("many", "abcde", "").headers().get("warning"))
                                .containsExactly(
                                        "299 - \"Validation failed for ValidatingAdmissionPolicy 'many' with binding 'many-b': longer than 2\"",
                                        "299 - \"Validation failed for ValidatingAdmissionPolicy 'many' with binding 'many-b': longer than 4\""));
    }

    @Test
    void expensiveRulesEnd() {
        policy("costly", """
                "validations": [{"expression":
                  "lists.range(999).all(a, lists.range(999).all(b, lists.range(999).all(c, a + b + c >= 0)))"}]""", "\"validationActions\": [\"Deny\"]");
        refused(
                "costly",
                "x",
                422,
                "Invalid",
                "expression 'lists.range(999).all(a, lists.range(999).all(b, lists.range(999).all(c, a + b + c >= 0)))'"
                        + " resulted in error: operation cancelled: actual cost limit exceeded");
    }
}
