package io.jollyboat.apiserver.custom;

import static io.jollyboat.apiserver.custom.Widgets.DEFINITIONS;
import static io.jollyboat.apiserver.custom.Widgets.await;
import static io.jollyboat.apiserver.custom.Widgets.created;
import static io.jollyboat.apiserver.custom.Widgets.define;
import static io.jollyboat.apiserver.custom.Widgets.definition;
import static io.jollyboat.apiserver.custom.Widgets.ok;
import static io.jollyboat.apiserver.custom.Widgets.patch;
import static io.jollyboat.apiserver.custom.Widgets.table;
import static io.jollyboat.apiserver.custom.Widgets.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Custom resources through the REST door. */
class CustomResourcesTest {
    private static final String GROUP = "/apis/test.example.com";
    private static final String SIZE = "{\"type\":\"object\",\"properties\":{\"size\":{\"type\":\"integer\"},"
            + "\"color\":{\"type\":\"string\",\"default\":\"red\"}}}";

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static String object(String kind, String name, String rest) {
        return "{\"apiVersion\":\"test.example.com/v1\",\"kind\":\"" + kind + "\",\"metadata\":{\"name\":\"" + name
                + "\"}" + rest + "}";
    }

    @Test
    void objectsLiveAsThoseOfBuiltInKinds() {
        define(client, definition("lives", "Life", "Namespaced", SIZE, ""));
        String path = GROUP + "/v1/namespaces/default/lives";

        Answer one = created(client.post(path, object("Life", "one", ",\"spec\":{\"size\":1,\"gone\":2}")));
        assertThat(one.text())
                .startsWith(
                        "{\"apiVersion\":\"test.example.com/v1\",\"kind\":\"Life\",\"metadata\":{\"creationTimestamp\"")
                .endsWith("\"spec\":{\"color\":\"red\",\"size\":1}}");
        assertThat(one.headers().get("Warning")).containsExactly("299 - \"unknown field \\\"spec.gone\\\"\"");
        assertThat(ok(client.get(path + "/one")).text()).isEqualTo(one.text());

        Answer changed = ok(client.patch(path + "/one", "{\"spec\":{\"size\":5}}"));
        assertThat(changed.json().path("metadata").path("generation").asInt()).isEqualTo(2);
        assertThat(ok(patch(
                                client,
                                path + "/one",
                                "json-patch+json",
                                "[{\"op\":\"replace\",\"path\":\"/spec/color\",\"value\":\"blue\"}]"))
                        .json()
                        .path("spec")
                        .path("color")
                        .asString())
                .isEqualTo("blue");
        assertThat(client.put(path + "/one", object("Life", "one", "")).code()).isEqualTo(422);
        assertThat(client.put(path + "/one", one.text()).code()).isEqualTo(409);

        created(client.post(
                path,
                object("Life", "two", ",\"spec\":{}")
                        .replace("\"name\":\"two\"", "\"name\":\"two\",\"labels\":{\"a\":\"b\"}")));
        JsonNode list = ok(client.get(path + "?labelSelector=a%3Db")).json();
        assertThat(list.path("kind").asString()).isEqualTo("LifeList");
        assertThat(list.path("items")).hasSize(1);
        assertThat(list.path("items").path(0).path("kind").asString()).isEqualTo("Life");
        JsonNode page = ok(client.get(path + "?limit=1")).json();
        assertThat(page.path("metadata").path("continue").asString()).isNotEmpty();
        assertThat(ok(client.get(path + "?limit=1&continue="
                                + page.path("metadata").path("continue").asString()))
                        .json()
                        .path("items")
                        .path(0)
                        .path("metadata")
                        .path("name")
                        .asString())
                .isEqualTo("two");

        assertThat(ok(client.delete(path + "/one")).json().path("status").asString())
                .isEqualTo("Success");
        ok(client.delete(path));
        assertThat(ok(client.get(path)).json().path("items")).isEmpty();
    }

    @Test
    void dryRunsAndWrongBodies() {
        define(client, definition("dries", "Dry", "Cluster", SIZE, ""));
        String path = GROUP + "/v1/dries";

        created(client.post(path + "?dryRun=All", object("Dry", "d", "")));
        assertThat(client.get(path + "/d").code()).isEqualTo(404);
        assertThat(client.post(path + "?fieldValidation=Strict", object("Dry", "d", ",\"foo\":1"))
                        .message())
                .isEqualTo("Dry in version \"v1\" cannot be handled as a Dry: strict decoding error:"
                        + " unknown field \"foo\"");
        Answer strategic = patch(client, path + "/d", "strategic-merge-patch+json", "{}");
        assertThat(strategic.code()).isEqualTo(415);
        Answer protobuf =
                client.send("POST", path, Map.of("Content-Type", "application/vnd.kubernetes.protobuf"), new byte[] {
                    'k', '8', 's', 0
                });
        assertThat(protobuf.code()).isEqualTo(415);
        assertThat(client.send("GET", path, Map.of("Accept", "application/vnd.kubernetes.protobuf"), null)
                        .code())
                .isEqualTo(406);
        assertThat(ok(client.send(
                                "GET",
                                path,
                                Map.of("Accept", "application/vnd.kubernetes.protobuf,application/json"),
                                null))
                        .text())
                .startsWith("{\"apiVersion\"");
        assertThat(client.post(path, "{\"apiVersion\":\"test.example.com/v1\",\"metadata\":{\"name\":\"x\"}}")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void statusAndScaleAreApart() {
        define(
                client,
                definition(
                        "scales",
                        "Scaled",
                        "Namespaced",
                        "{\"type\":\"object\",\"properties\":{\"replicas\":{\"type\":\"integer\"}}}",
                        ",\"subresources\":{\"status\":{},\"scale\":{\"specReplicasPath\":\".spec.replicas\","
                                + "\"statusReplicasPath\":\".status.replicas\",\"labelSelectorPath\":\".status.selector\"}}"));
        String path = GROUP + "/v1/namespaces/default/scales";

        Answer created = created(
                client.post(path, object("Scaled", "s", ",\"spec\":{\"replicas\":2},\"status\":{\"replicas\":9}")));
        assertThat(created.json().has("status")).isFalse();
        JsonNode after = ok(client.patch(
                        path + "/s/status",
                        "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"replicas\":7},"
                                + "\"status\":{\"replicas\":1,\"selector\":\"a=b\"}}"))
                .json();
        assertThat(after.path("spec").path("replicas").asInt()).isEqualTo(2);
        assertThat(after.path("metadata").path("generation").asInt()).isEqualTo(1);
        assertThat(after.path("metadata").has("labels")).isFalse();

        JsonNode scale = ok(client.get(path + "/s/scale")).json();
        assertThat(scale.path("kind").asString()).isEqualTo("Scale");
        assertThat(scale.path("spec").path("replicas").asInt()).isEqualTo(2);
        assertThat(scale.path("status").path("selector").asString()).isEqualTo("a=b");
        assertThat(ok(client.patch(path + "/s/scale", "{\"spec\":{\"replicas\":4}}"))
                        .json()
                        .path("spec")
                        .path("replicas")
                        .asInt())
                .isEqualTo(4);
        JsonNode scaled = ok(client.get(path + "/s")).json();
        assertThat(scaled.path("spec").path("replicas").asInt()).isEqualTo(4);
        assertThat(scaled.path("metadata").path("generation").asInt()).isEqualTo(2);
        assertThat(scaled.path("status").path("replicas").asInt()).isEqualTo(1);
        assertThat(client.patch(path + "/s/scale", "{\"spec\":{\"replicas\":-1}}")
                        .message())
                .isEqualTo("Scaled.test.example.com \"s\" is invalid: .spec.replicas: Invalid value: -1:"
                        + " should be a non-negative integer");
        assertThat(client.get(path + "/s/other").message()).isEqualTo("scales.test.example.com \"s\" not found");
    }

    @Test
    void columnsAndSelectableFields() {
        define(
                client,
                definition(
                        "columns",
                        "Column",
                        "Namespaced",
                        SIZE,
                        ",\"selectableFields\":[{\"jsonPath\":\".spec.color\"}],\"additionalPrinterColumns\":["
                                + "{\"name\":\"Size\",\"type\":\"integer\",\"jsonPath\":\".spec.size\"},"
                                + "{\"name\":\"Ready\",\"type\":\"string\",\"priority\":1,"
                                + "\"jsonPath\":\".status.conditions[?(@.type==\\\"Ready\\\")].status\"}]"));
        String path = GROUP + "/v1/namespaces/default/columns";
        created(
                client.post(
                        path,
                        object(
                                "Column",
                                "a",
                                ",\"spec\":{\"size\":3},\"status\":{\"conditions\":["
                                        + "{\"type\":\"Other\",\"status\":\"False\"},{\"type\":\"Ready\",\"status\":\"True\"}]}")));
        created(client.post(path, object("Column", "b", ",\"spec\":{\"color\":\"blue\"}")));

        JsonNode table = ok(table(client, path)).json();
        assertThat(table.path("columnDefinitions").findValuesAsString("name")).containsExactly("Name", "Size", "Ready");
        assertThat(table.path("rows").path(0).path("cells").toString()).isEqualTo("[\"a\",3,\"True\"]");
        assertThat(table.path("rows").path(1).path("cells").toString()).isEqualTo("[\"b\",null,null]");
        JsonNode blue =
                ok(client.get(path + "?fieldSelector=spec.color%3Dblue")).json();
        assertThat(blue.path("items")).hasSize(1);
        assertThat(client.get(path + "?fieldSelector=spec.size%3D3").message())
                .isEqualTo("field label not supported: spec.size");
    }

    @Test
    void versionsShareTheirObjects() {
        String v1 = version("v1", true, true, SIZE, "");
        String v2 = version(
                "v2",
                true,
                false,
                "{\"type\":\"object\",\"properties\":{\"size\":{\"type\":\"integer\"}}}",
                ",\"deprecated\":true");
        define(client, definition("shares", "Share", "Namespaced", v1 + "," + v2));
        String one = GROUP + "/v1/namespaces/default/shares";
        String two = GROUP + "/v2/namespaces/default/shares";
        created(client.post(one, object("Share", "s", ",\"spec\":{\"size\":1}")));

        Answer second = ok(client.get(two + "/s"));
        assertThat(second.text())
                .startsWith("{\"apiVersion\":\"test.example.com/v2\"")
                .endsWith("\"spec\":{\"size\":1}}");
        assertThat(second.headers().get("Warning").getFirst()).contains("test.example.com/v2 Share is deprecated");

        ok(patch(
                client,
                DEFINITIONS + "/shares.test.example.com",
                "json-patch+json",
                "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":false},"
                        + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true},"
                        + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/deprecated\",\"value\":false}]"));
        await(() -> assertThat(client.get(two + "/s").headers()).doesNotContainKey("Warning"));
        created(client.post(one, object("Share", "t", ",\"spec\":{\"size\":2}")));
        assertThat(ok(client.get(two)).json().path("items").findValuesAsString("size"))
                .containsExactly("1", "2");
        assertThat(ok(client.get(one)).json().path("items").findValuesAsString("color"))
                .containsExactly("red");
        assertThat(ok(client.get(DEFINITIONS + "/shares.test.example.com"))
                        .json()
                        .path("status")
                        .path("storedVersions")
                        .toString())
                .isEqualTo("[\"v1\",\"v2\"]");

        ok(patch(
                client,
                DEFINITIONS + "/shares.test.example.com",
                "json-patch+json",
                "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/served\",\"value\":false}]"));
        await(() -> assertThat(client.get(one).code()).isEqualTo(404));
        ok(client.get(two + "/s"));
    }

    @Test
    void namesAreGivenOnce() {
        define(client, definition("firsts", "Same", "Namespaced", SIZE, ""));
        created(client.post(DEFINITIONS, definition("seconds", "Same", "Namespaced", SIZE, "")));
        String second = DEFINITIONS + "/seconds.test.example.com";
        await(() -> assertThat(client.get(second).text()).contains("ListKindConflict"));
        JsonNode conditions = client.get(second).json().path("status").path("conditions");
        assertThat(conditions.path(0).path("message").asString()).isEqualTo("\"SameList\" is already in use");
        assertThat(conditions.path(1).path("reason").asString()).isEqualTo("NotAccepted");
        assertThat(client.get(GROUP + "/v1/seconds").code()).isEqualTo(404);

        ok(client.delete(DEFINITIONS + "/firsts.test.example.com"));
        await(() -> assertThat(client.get(GROUP + "/v1/seconds").code()).isEqualTo(200));
    }

    @Test
    void definitionsTakeTheirObjectsAlong() {
        define(client, definition("ends", "End", "Namespaced", SIZE, ""));
        String path = GROUP + "/v1/namespaces/default/ends";
        created(client.post(path, object("End", "plain", "")));
        created(client.post(
                path,
                object("End", "held", "")
                        .replace("\"name\":\"held\"", "\"name\":\"held\",\"finalizers\":[\"example.com/hold\"]")));
        String definition = DEFINITIONS + "/ends.test.example.com";

        JsonNode deleted = ok(client.delete(definition)).json();
        assertThat(deleted.path("metadata").path("finalizers").toString())
                .isEqualTo("[\"customresourcecleanup.apiextensions.k8s.io\"]");
        await(() -> assertThat(client.get(path + "/plain").code()).isEqualTo(404));
        await(() -> assertThat(client.post(path, object("End", "new", "")).message())
                .isEqualTo("ends.test.example.com \"new\" is forbidden: create not allowed while custom resource"
                        + " definition is terminating"));
        assertThat(ok(client.get(path + "/held")).json().path("metadata").has("deletionTimestamp"))
                .isTrue();
        assertThat(client.get(definition).text()).contains("InstanceDeletionInProgress");

        ok(client.patch(path + "/held", "{\"metadata\":{\"finalizers\":null}}"));
        await(() -> assertThat(client.get(definition).code()).isEqualTo(404));
        await(() -> assertThat(client.get(path).code()).isEqualTo(404));

        define(client, definition("ends", "End", "Namespaced", SIZE, ""));
        assertThat(ok(client.get(path)).json().path("items")).isEmpty();
    }

    @Test
    void discoveryShowsThem() {
        define(
                client,
                definition("shown", "Shown", "Namespaced", SIZE, ",\"subresources\":{\"status\":{}}")
                        .replace(
                                "\"kind\":\"Shown\"",
                                "\"kind\":\"Shown\",\"shortNames\":[\"shw\"],\"categories\":[\"all\"]"));

        JsonNode resources = ok(client.get(GROUP + "/v1")).json().path("resources");
        assertThat(resources.findValuesAsString("name")).contains("shown", "shown/status");
        assertThat(resources.toString()).contains("\"shortNames\":[\"shw\"],\"categories\":[\"all\"]");
        assertThat(ok(client.get("/apis")).json().path("groups").findValuesAsString("name"))
                .contains("test.example.com");
        String accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        Answer aggregated = ok(client.send("GET", "/apis", Map.of("Accept", accept), null));
        assertThat(aggregated.text()).contains("\"resource\":\"shown\"");
        String etag = aggregated.headers().get("etag").getFirst();

        define(client, definition("more", "More", "Namespaced", SIZE, ""));
        Answer again = client.send("GET", "/apis", Map.of("Accept", accept, "If-None-Match", etag), null);
        assertThat(again.code()).isEqualTo(200);
        assertThat(again.text()).contains("\"resource\":\"more\"");
    }

    @Test
    void openApiDescribesThem() {
        define(client, definition("told", "Told", "Namespaced", SIZE, ",\"subresources\":{\"status\":{}}"));

        String index = ok(client.get("/openapi/v3"))
                .json()
                .path("paths")
                .path("apis/test.example.com/v1")
                .path("serverRelativeURL")
                .asString();
        JsonNode schema =
                ok(client.get(index)).json().path("components").path("schemas").path("com.example.test.v1.Told");
        assertThat(schema.path("properties")
                        .path("spec")
                        .path("properties")
                        .path("size")
                        .path("type")
                        .asString())
                .isEqualTo("integer");
        assertThat(schema.path("x-kubernetes-group-version-kind")
                        .path(0)
                        .path("kind")
                        .asString())
                .isEqualTo("Told");
        JsonNode two = ok(client.get("/openapi/v2")).json();
        assertThat(two.path("definitions")
                        .path("com.example.test.v1.Told")
                        .path("properties")
                        .path("spec")
                        .path("properties")
                        .path("color")
                        .path("type")
                        .asString())
                .isEqualTo("string");
        assertThat(two.path("paths").has("/apis/test.example.com/v1/namespaces/{namespace}/told/{name}/status"))
                .isTrue();
        assertThat(client.send(
                                "GET",
                                "/openapi/v2",
                                Map.of("Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"),
                                null)
                        .code())
                .isEqualTo(200);

        define(client, definition("untold", "Untold", "Namespaced", SIZE, ""));
        assertThat(ok(client.get("/openapi/v3")).text()).doesNotContain(index.substring(index.indexOf('?')));
    }
}
