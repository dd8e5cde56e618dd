package io.jollyboat.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** Definitions for tests, and what is often done with them. */
final class Widgets {
    static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private Widgets() {}

    /** A definition of one version; the schema is that of {@code spec}, in JSON. */
    static String definition(String plural, String kind, String scope, String spec, String more) {
        return definition(plural, kind, scope, version("v1", true, true, spec, more));
    }

    static String definition(String plural, String kind, String scope, String versions) {
        return """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"%1$s.test.example.com"},
                 "spec":{"group":"test.example.com","scope":"%3$s",
                  "names":{"plural":"%1$s","kind":"%2$s"},"versions":[%4$s]}}""".formatted(plural, kind, scope, versions);
    }

    static String version(String name, boolean served, boolean storage, String spec, String more) {
        return """
                {"name":"%s","served":%s,"storage":%s,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                 "spec":%s,"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}%s}""".formatted(name, served, storage, spec, more);
    }

    /** Posts a definition and waits until its objects are served. */
    static void define(RestClient client, String definition) {
        Answer answer = client.post(DEFINITIONS, definition);
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        JsonNode spec = answer.json().path("spec");
        String version = spec.path("versions").path(0).path("name").asString();
        String path = "/apis/test.example.com/" + version + "/"
                + spec.path("names").path("plural").asString();
        await(() -> assertThat(client.get(path).code()).isEqualTo(200));
    }

    static void await(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    static Answer created(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    static Answer ok(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    static Answer patch(RestClient client, String path, String type, String body) {
        return client.send(
                "PATCH",
                path,
                Map.of("Content-Type", "application/" + type),
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Answer table(RestClient client, String path) {
        return client.send("GET", path, Map.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"), null);
    }
}
