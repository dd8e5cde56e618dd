package io.jollyboat.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** MutatingAdmissionPolicies as clients meet them. */
class MutatingPoliciesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ROOT = "/apis/admissionregistration.k8s.io/v1/";
    private static final String MAPS = "/api/v1/namespaces/mutations/configmaps";
    private static final String PODS = "/api/v1/namespaces/mutations/pods";
    private static final String ANY =
            "{'apiGroups': ['*'], 'apiVersions': ['*'], 'operations': ['*'], 'resources': ['configmaps', 'pods']}";

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        created(client.post(
                "/api/v1/namespaces", json("{'metadata': {'name': 'mutations', 'labels': {'team': 'a'}}}")));
        created(client.post("/api/v1/namespaces/mutations/serviceaccounts", json("{'metadata': {'name': 'default'}}")));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @AfterEach
    void clean() {
        client.delete(ROOT + "mutatingadmissionpolicies");
        client.delete(ROOT + "mutatingadmissionpolicybindings");
        client.delete(MAPS);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static void created(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    /** A policy that applies from when this returns: its marker mutation adds the annotation {@code on.NAME}. */
    private static void policy(String name, String more, String binding, String... mutations) {
        StringBuilder all = new StringBuilder();
        for (String mutation : mutations) {
            all.append(mutation).append(',');
        }
        all.append(apply("Object{metadata: Object.metadata{annotations: {\\\"on." + name + "\\\": \\\"yes\\\"}}}"));
        created(client.post(
                ROOT + "mutatingadmissionpolicies",
                "{\"metadata\": {\"name\": \"" + name + "\"}, \"spec\": {\"reinvocationPolicy\": \"Never\","
                        + " \"matchConstraints\": {\"resourceRules\": [" + json(ANY) + "]}, " + more
                        + "\"mutations\": [" + all + "]}}"));
        created(client.post(
                ROOT + "mutatingadmissionpolicybindings",
                "{\"metadata\": {\"name\": \"" + name + "-b\"}, \"spec\": {\"policyName\": \"" + name + "\"" + binding
                        + "}}"));
    }

    private static String apply(String expression) {
        return "{\"patchType\": \"ApplyConfiguration\", \"applyConfiguration\": {\"expression\": \"" + expression
                + "\"}}";
    }

    private static String patch(String expression) {
        return "{\"patchType\": \"JSONPatch\", \"jsonPatch\": {\"expression\": \"" + expression + "\"}}";
    }

    private static void effective(String name) {
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = create("probe", "");
            assertThat(answer.json().at("/metadata/annotations").has("on." + name))
                    .as(answer.text())
                    .isTrue();
        });
    }

    private static Answer create(String name, String data) {
        return client.post(
                MAPS + "?dryRun=All", "{\"metadata\": {\"name\": \"" + name + "\"}, \"data\": {" + data + "}}");
    }

    private static String pod(String more) {
        return json("{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'a', 'image': 'a'}]" + more + "}}");
    }

    @Test
    void aConfigurationIsLaidOverTheObjectByItsListKeys() {
        policy(
                "sidecar",
                "\"matchConditions\": [{\"name\": \"c\", \"expression\": \"!has(object.data)\"}],"
                        + "\"variables\": [{\"name\": \"n\", \"expression\": \"'side-' + object.metadata.name\"}],",
                "",
                apply("Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: variables.n,"
                        + " image: 's', ?restartPolicy: optional.of('Always')}], containers:"
                        + " [Object.spec.containers{name: 'a', imagePullPolicy: 'Never'}]}}"));
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode spec = client.post(PODS + "?dryRun=All", pod("")).json().path("spec");
            assertThat(spec.at("/initContainers/0/name").asString()).isEqualTo("side-p");
            assertThat(spec.at("/initContainers/0/restartPolicy").asString()).isEqualTo("Always");
            assertThat(spec.path("containers").size()).isEqualTo(1);
            assertThat(spec.at("/containers/0/image").asString()).isEqualTo("a");
            assertThat(spec.at("/containers/0/imagePullPolicy").asString()).isEqualTo("Never");
        });
        // The condition keeps the policy from what has data.
        JsonNode map = create("x", "\"a\": \"b\"").json();
        assertThat(map.at("/metadata/annotations").isMissingNode()).isTrue();
    }

    @Test
    void aPatchIsAppliedAsWritten() {
        policy(
                "patches",
                "",
                "",
                patch("[JSONPatch{op: 'test', path: '/metadata/name', value: 'p1'},"
                        + " JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('a/b~c'), value: 'x'},"
                        + " JSONPatch{op: 'copy', from: '/data/k', path: '/data/k2'},"
                        + " JSONPatch{op: 'move', from: '/data/m', path: '/data/m2'},"
                        + " JSONPatch{op: 'replace', path: '/metadata/labels', value: {'l': 'v'}},"
                        + " JSONPatch{op: 'remove', path: '/data/r'}]"),
                // A failed test is no failure: the object stays as it is.
                patch("[JSONPatch{op: 'add', path: '/data', value: {}},"
                        + " JSONPatch{op: 'test', path: '/metadata/name', value: 'no'}]"));
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode map = client.post(
                            MAPS + "?dryRun=All",
                            json("{'metadata': {'name': 'p1', 'labels': {'o': 'p'}},"
                                    + " 'data': {'k': '1', 'm': '2', 'r': '3', 'a-b': '4'}}"))
                    .json();
            assertThat(map.path("reason").asString("")).isEqualTo("Invalid");
            assertThat(map.path("message").asString("")).contains("data[a/b~c]: Invalid value");
        });
        JsonNode other = create("p2", "\"k\": \"1\"").json();
        assertThat(other.path("data").toString()).isEqualTo("{\"k\":\"1\"}");
        assertThat(other.at("/metadata/annotations/on.patches").asString("")).isEqualTo("yes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        Object{data: object.nope}                                  | Invalid | expression 'Object{data: object.nope}' resulted in error: no such key: nope
        Object{spec: Object.spec{}}                                | Invalid | error applying patch: failed to convert patch object to typed object: .spec: field not declared in schema
        Object{data: 1}                                            | Invalid | error applying patch: failed to convert patch object to typed object: .data: expected map, got &{1}
        Object{metadata: Object.spec{}}                            | Invalid | type mismatch: unexpected type name \"Object.spec\", expected \"Object.metadata\", which matches field name path from root Object type
        Object{metadata: Object.metadata{managedFields: [{'manager': 'x'}]}} | Invalid | error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .metadata.managedFields
        [JSONPatch{op: 'remove', path: '/data/nope'}]              | Invalid | JSON Patch: error in remove for path: '/data/nope': Unable to remove nonexistent key: nope: missing value
        [JSONPatch{op: 'add', path: '/metadata/labels/a', value: 'b'}] | Invalid | JSON Patch: add operation does not apply: doc is missing path: \"/metadata/labels/a\": missing value
        [JSONPatch{op: 'jump', path: '/data'}]                     | Invalid | JSON Patch: Unexpected kind: jump
        [JSONPatch{op: 'add', path: '/data/x', value: string(lists.range(999).all(a, lists.range(999).all(b, lists.range(999).all(c, a >= 0))))}] | Invalid | "expression '[JSONPatch{op: 'add', path: '/data/x', value: string(lists.range(999).all(a, lists.range(999).all(b, lists.range(999).all(c, a >= 0))))}]' resulted in error: operation cancelled: actual cost limit exceeded"
        """)
    void whatCannotBeAppliedIsRefusedUnlessThePolicyIgnoresIt(String expression, String reason, String message) {
        String mutation = expression.startsWith("[") ? patch(expression) : apply(expression);
        policy("broken", "", "", mutation);
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = create("b", "\"a\": \"b\"");
            assertThat(answer.message())
                    .isEqualTo("policy 'broken' with binding 'broken-b' denied request: " + message);
            assertThat(answer.code()).isEqualTo(403);
            JsonNode status = answer.json();
            assertThat(status.path("reason").asString()).isEqualTo(reason);
            assertThat(status.path("details").toString())
                    .isEqualTo("{\"name\":\"b\",\"kind\":\"configmaps\",\"causes\":[{\"message\":"
                            + status.path("message") + "}]}");
        });
        JsonNode policy = client.get(ROOT + "mutatingadmissionpolicies/broken").json();
        ((tools.jackson.databind.node.ObjectNode) policy.path("spec")).put("failurePolicy", "Ignore");
        assertThat(client.put(ROOT + "mutatingadmissionpolicies/broken", policy.toString())
                        .code())
                .isEqualTo(200);
        effective("broken");
    }

    @Test
    void aPatchThatMakesNoObjectIsAnError() {
        policy("nonsense", "", "", patch("[JSONPatch{op: 'add', path: '/nope', value: 1}]"));
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = create("b", "");
            assertThat(answer.code()).isEqualTo(500);
            assertThat(answer.message())
                    .isEqualTo("Internal error occurred: strict decoding error: unknown field \"nope\"");
        });
    }

    @Test
    void parametersAreAppliedOneAfterTheOther() {
        created(client.post("/api/v1/namespaces", json("{'metadata': {'name': 'params'}}")));
        for (String name : new String[] {"one", "two"}) {
            created(client.post(
                    "/api/v1/namespaces/params/configmaps",
                    "{\"metadata\": {\"name\": \"" + name + "\", \"labels\": {\"for\": \"all\"}}, \"data\": {\"v\": \""
                            + name + "\"}}"));
        }
        policy(
                "params",
                "\"paramKind\": {\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\"},",
                ", \"paramRef\": {\"namespace\": \"params\", \"selector\": {\"matchLabels\": {\"for\": \"all\"}},"
                        + " \"parameterNotFoundAction\": \"Deny\"}",
                patch("[JSONPatch{op: 'add', path: '/data/' + params.metadata.name, value: object.data.a +"
                        + " params.data.v + namespaceObject.metadata.labels.team + string(size(object.data))}]"));
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode data = create("x", "\"a\": \"<\"").json().path("data");
            assertThat(data.path("one").asString("")).isEqualTo("<onea1");
            assertThat(data.path("two").asString("")).isEqualTo("<twoa2");
        });
        client.delete("/api/v1/namespaces/params/configmaps");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(create("x", "").message())
                        .isEqualTo("policy 'params' with binding 'params-b' denied request: failed to configure"
                                + " binding: no params found for policy binding with `Deny`"
                                + " parameterNotFoundAction"));
    }

    @Test
    void policiesThatWantToSeeChangesAreAskedAgain() {
        String count = "[JSONPatch{op: 'add', path: '/data/%1$s', value: (has(object.data) && '%1$s' in object.data ?"
                + " object.data.%1$s : '') + 'i'}]";
        policy(
                "again",
                "\"matchConditions\": [{\"name\": \"c\", \"expression\": \"has(object.data)\"}],",
                "",
                patch(String.format(count, "again")));
        JsonNode policy = client.get(ROOT + "mutatingadmissionpolicies/again").json();
        ((tools.jackson.databind.node.ObjectNode) policy.path("spec")).put("reinvocationPolicy", "IfNeeded");
        assertThat(client.put(ROOT + "mutatingadmissionpolicies/again", policy.toString())
                        .code())
                .isEqualTo(200);
        policy(
                "never",
                "\"matchConditions\": [{\"name\": \"c\", \"expression\": \"has(object.data)\"}],",
                "",
                patch(String.format(count, "never")));
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode data = create("x", "\"a\": \"\"").json().path("data");
            assertThat(data.path("again").asString("")).isEqualTo("ii");
            assertThat(data.path("never").asString("")).isEqualTo("i");
        });
    }

    @Test
    void updatesAndBindingsThatMeanOnlySome() {
        policy(
                "some",
                "",
                ", \"matchResources\": {\"objectSelector\": {\"matchLabels\": {\"some\": \"y\"}}}",
                apply("Object{data: {'user': request.userInfo.username, 'op': request.operation}}"));
        created(client.post(MAPS, json("{'metadata': {'name': 'u'}}")));
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = client.send(
                    "PATCH",
                    MAPS + "/u?dryRun=All",
                    Map.of("Content-Type", "application/merge-patch+json"),
                    json("{'metadata': {'labels': {'some': 'y'}}}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(answer.json().path("data").toString())
                    .isEqualTo("{\"op\":\"UPDATE\",\"user\":\"kubernetes-admin\"}");
        });
        assertThat(create("other", "").json().has("data")).isFalse();
        // Deletions have nothing to change.
        assertThat(client.delete(MAPS + "/u").code()).isEqualTo(200);
    }

    @Test
    void policiesAreNotAskedAboutPolicies() {
        policy(
                "itself",
                "\"matchConditions\": [{\"name\": \"c\", \"expression\": \"object.metadata.name != 'x'\"}],",
                "");
        effective("itself");
        JsonNode policy = client.get(ROOT + "mutatingadmissionpolicies/itself").json();
        JsonNode rule = policy.at("/spec/matchConstraints/resourceRules/0");
        ((tools.jackson.databind.node.ObjectNode) rule).putArray("resources").add("*");
        assertThat(client.put(ROOT + "mutatingadmissionpolicies/itself", policy.toString())
                        .code())
                .isEqualTo(200);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(client.post(
                                        "/api/v1/namespaces/mutations/secrets?dryRun=All",
                                        json("{'metadata': {'name': 's'}}"))
                                .json()
                                .at("/metadata/annotations/on.itself")
                                .asString(""))
                        .isEqualTo("yes"));
        JsonNode again = client.put(
                        ROOT + "mutatingadmissionpolicies/itself",
                        client.get(ROOT + "mutatingadmissionpolicies/itself").text())
                .json();
        assertThat(again.at("/metadata/annotations").isMissingNode()).isTrue();
    }
}
