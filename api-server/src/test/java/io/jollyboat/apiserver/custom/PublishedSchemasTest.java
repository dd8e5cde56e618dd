package io.jollyboat.apiserver.custom;

import static io.jollyboat.apiserver.custom.Widgets.await;
import static io.jollyboat.apiserver.custom.Widgets.define;
import static io.jollyboat.apiserver.custom.Widgets.definition;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What OpenAPI says of custom resources: version 2 for clients that check objects by it, version 3 in full. */
class PublishedSchemasTest {
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

    private static JsonNode v2(String kind) {
        return published("/openapi/v2", "definitions", kind);
    }

    private static JsonNode v3(String kind) {
        return published("/openapi/v3/apis/test.example.com/v1", "components", kind);
    }

    private static JsonNode published(String path, String part, String kind) {
        JsonNode[] found = new JsonNode[1];
        await(() -> {
            JsonNode schemas = client.get(path).json().path(part);
            found[0] =
                    (part.equals("components") ? schemas.path("schemas") : schemas).path("com.example.test.v1." + kind);
            assertThat(found[0].isMissingNode()).isFalse();
        });
        return found[0];
    }

    @Test
    void whereAnythingMayStandVersion2SaysNothing() {
        String version = """
                {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
                 "description":"Anything.","x-kubernetes-preserve-unknown-fields":true,
                 "properties":{"spec":{"type":"object"}}}}}""";
        define(client, definition("frees", "Free", "Namespaced", version));
        assertThat(v2("Free").propertyNames()).containsExactlyInAnyOrder("type", "x-kubernetes-group-version-kind");
        assertThat(v3("Free").path("x-kubernetes-preserve-unknown-fields").asBoolean())
                .isTrue();
        assertThat(v3("Free").path("properties").propertyNames()).contains("apiVersion", "kind", "metadata", "spec");
    }

    @Test
    void version2LeavesOutWhatItsClientsMisread() {
        String version = """
                {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                 "spec":{"type":"object","required":["maybe","must"],"oneOf":[{"required":["must"]}],"properties":{
                  "maybe":{"type":"string","nullable":true},"must":{"type":"string"},
                  "port":{"x-kubernetes-int-or-string":true},
                  "open":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"default":{},
                   "properties":{"a":{"type":"string"}}}}}}}},
                 "selectableFields":[{"jsonPath":".spec.must"}]}""";
        define(client, definition("readers", "Reader", "Namespaced", version));
        JsonNode two = v2("Reader").path("properties").path("spec");
        assertThat(two.has("oneOf")).isFalse();
        assertThat(two.path("required").toString()).isEqualTo("[\"must\"]");
        assertThat(two.path("properties").path("maybe").toString()).isEqualTo("{}");
        assertThat(two.path("properties")
                        .path("port")
                        .path("x-kubernetes-int-or-string")
                        .asBoolean())
                .isTrue();
        assertThat(two.path("properties").path("open").propertyNames())
                .containsExactly("x-kubernetes-preserve-unknown-fields");
        JsonNode three = v3("Reader").path("properties").path("spec");
        assertThat(three.path("required").toString()).isEqualTo("[\"maybe\",\"must\"]");
        assertThat(three.path("properties").path("maybe").path("nullable").asBoolean())
                .isTrue();
        assertThat(three.path("properties").path("open").path("properties").has("a"))
                .isTrue();
        assertThat(three.path("properties").path("open").has("default")).isTrue();
        for (JsonNode schema : new JsonNode[] {v2("Reader"), v3("Reader")}) {
            assertThat(schema.path("x-kubernetes-selectable-fields").toString())
                    .isEqualTo("[{\"fieldPath\":\"spec.must\"}]");
        }
    }

    @Test
    void embeddedObjectsSayWhatTheyAre() {
        String version = """
                {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                 "spec":{"type":"object","properties":{
                  "inner":{"type":"object","x-kubernetes-embedded-resource":true,
                   "properties":{"data":{"type":"string"}}}}}}}}}""";
        define(client, definition("outers", "Outer", "Namespaced", version));
        for (JsonNode schema : new JsonNode[] {v2("Outer"), v3("Outer")}) {
            JsonNode inner =
                    schema.path("properties").path("spec").path("properties").path("inner");
            assertThat(inner.path("properties").propertyNames())
                    .containsExactlyInAnyOrder("data", "apiVersion", "kind", "metadata");
            assertThat(inner.path("required").toString()).isEqualTo("[\"kind\",\"apiVersion\"]");
        }
        assertThat(v2("Outer").path("properties").path("metadata").has("description"))
                .isTrue();
        assertThat(v3("Outer").path("properties").path("metadata").path("allOf").size())
                .isEqualTo(1);
    }
}
