package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Holds the dialogues that were held with an upstream cluster, and compares each answer. */
class RecordedDialoguesTest {
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/";

    /** Those about the request path: what it takes validation, controllers or nodes to answer is told elsewhere. */
    private static final Set<String> DIALOGUES = Set.of(
            "smp_map_directives",
            "optimistic_concurrency",
            "unconditional_update_refused_kinds",
            "dry_run",
            "generation_increments",
            "scale_subresource_deployment",
            "delete_configmap_plain",
            "delete_preconditions",
            "delete_with_finalizers",
            "pod_force_delete",
            "deletecollection",
            "binding",
            "field_selectors_per_kind",
            "content_negotiation",
            "smp_containers",
            "common_validation_errors",
            "status_subresource_vs_spec",
            "warnings_headers",
            "node_object",
            "pdb_status_and_update",
            "namespace_misc",
            "generate_name_and_names",
            "crd_invalid",
            "crd_lifecycle",
            "crd_versions_and_storage",
            "crd_deletion_stuck_by_conversion_webhook",
            "service_allocation",
            "ephemeralcontainers",
            "pod_resize",
            "partial_object_metadata",
            "label_selectors",
            "validating_admission_policy",
            "ssa_basic_ownership",
            "ssa_after_update_conflict",
            "ssa_errors",
            "ssa_create_headers_and_resource_version",
            "ssa_list_map_containers",
            "ssa_finalizers_set_labels_ownerrefs",
            "ssa_scale_subresource_replicas",
            "ssa_status_subresource",
            "ssa_defaulted_and_service_ports",
            "ssa_migrate_client_side",
            "managed_fields_update_managers",
            "apiservice_unavailable");

    /** Steps that we answer otherwise, each with its reason. */
    private static final Set<String> SKIPPED = Set.of(
            // What the network says of an address where nobody is.
            "apiservice_unavailable 17",
            // There is no node here that is too small for it.
            "pod_resize 7",
            // The difference is shown otherwise.
            "pod_resize 3",
            "ephemeralcontainers 2",
            "ephemeralcontainers 5",
            // The annotation for AppArmor does not become a field; fields of features that are off stay.
            "warnings_headers 7",
            "warnings_headers 39",
            "common_validation_errors 23",
            // Another order, a time's form, generated names.
            "common_validation_errors 38",
            "common_validation_errors 42",
            "generate_name_and_names 2",
            "generate_name_and_names 3",
            "namespace_misc 11",
            // An empty body is none here.
            "generate_name_and_names 14",
            // Asked before it was served.
            "crd_lifecycle 3",
            // After an apply with an owner that only that cluster had.
            "ssa_finalizers_set_labels_ownerrefs 7",
            "ssa_finalizers_set_labels_ownerrefs 8",
            // A scheduler wrote to the pod there.
            "ssa_status_subresource 4",
            "ssa_status_subresource 5",
            "ssa_status_subresource 6",
            "ssa_status_subresource 7",
            // Another service network, another node.
            "service_allocation 1",
            "node_object 4",
            // After a controller's writes there.
            "pdb_status_and_update 8",
            "status_subresource_vs_spec 3",
            "status_subresource_vs_spec 5",
            "status_subresource_vs_spec 6",
            "status_subresource_vs_spec 7",
            "status_subresource_vs_spec 8");

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        for (String namespace : List.of("rec-b-d1", "rec-b-d2", "rec-b-d3", "rec-b-d4", "rec-b-d5")) {
            client.post(
                    "/api/v1/namespaces",
                    "{\"metadata\":{\"name\":\"" + namespace + "\",\"labels\":{\"rec-b-wh\":\"y\"}}}");
            client.post(
                    "/api/v1/namespaces/" + namespace + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        }
        client.post("/api/v1/namespaces/rec-b-d3/configmaps", "{\"metadata\":{\"name\":\"cn\"}}");
        client.post(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "{\"metadata\":{\"name\":\"tabs.rec-b.example.com\"},\"spec\":{\"group\":\"rec-b.example.com\","
                        + "\"scope\":\"Cluster\",\"names\":{\"plural\":\"tabs\",\"kind\":\"Tab\"},\"versions\":[{\"name\":"
                        + "\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}");
        secret("l1", "\"a\":\"1\",\"b\":\"x\"");
        secret("l2", "\"a\":\"2\",\"n\":\"5\"");
        secret("l3", "\"n\":\"10\"");
        client.post(
                "/api/v1/namespaces/rec-b-d3/configmaps",
                "{\"metadata\":{\"name\":\"pm\",\"labels\":{\"pm\":\"y\"}},\"data\":{\"a\":\"b\"}}");
    }

    private static void secret(String name, String labels) {
        client.post(
                "/api/v1/namespaces/rec-b-d3/secrets",
                "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{" + labels + "}}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static Stream<Arguments> dialogues() {
        return Facts.lines("dialogues.jsonl").stream()
                .filter(dialogue -> DIALOGUES.contains(dialogue.path("name").asString()))
                .map(dialogue -> Arguments.of(dialogue.path("name").asString(), dialogue));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void goesAsUpstream(String name, JsonNode dialogue) {
        RecordedTokens tokens = new RecordedTokens();
        List<String> differences = new ArrayList<>();
        int number = 0;
        if (name.startsWith("crd_deletion_stuck")) {
            // The recorder had asked for it again, which sets the grace period.
            client.delete(dialogue.path("steps").path(0).path("path").asString());
        }
        for (JsonNode step : dialogue.path("steps")) {
            number++;
            String id = name + " " + number;
            if (step.path("method").asString().equals("WATCH") || SKIPPED.contains(id)) {
                continue;
            }
            step(id, step, tokens, differences);
        }
        assertThat(differences).isEmpty();
    }

    private static void step(String id, JsonNode step, RecordedTokens tokens, List<String> differences) {
        String path = tokens.inUrl(step.path("path").asString());
        String body = step.hasNonNull("body") ? text(step.path("body")) : null;
        body = body == null ? null : tokens.inText(body);
        if (path == null || (step.hasNonNull("body") && body == null)) {
            return; // about something that only the recorded cluster had
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("User-Agent", ""); // the recorder had none, and is "unknown" in managed fields
        step.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        Answer answer = send(step, path.replace(" ", "%20"), headers, body);
        boolean settles = id.startsWith("crd_") || id.startsWith("apiservice_");
        if (settles && step.path("method").asString().equals("GET")) {
            answer = settled(step, path, headers, tokens);
        }
        if (id.startsWith("warnings_headers")) {
            warnings(id, step.path("response_headers").path("Warning"), answer, differences);
        }
        if (id.startsWith("crd_versions") || id.startsWith("crd_lifecycle")) {
            served(step, answer);
        }
        if (path.startsWith(POLICIES) && !step.path("method").asString().equals("GET")) {
            seen();
        }
        JsonNode expected = step.path("response");
        if (answer.code() != step.path("code").asInt()) {
            differences.add(id + " " + step.path("method").asString() + " " + path + ": code " + answer.code()
                    + " instead of " + step.path("code").asInt() + ": " + AnswerComparison.cut(answer.text()) + " / "
                    + AnswerComparison.cut(expected.toString()));
        }
        if (id.startsWith("apiservice_")
                && expected.isString()
                && !expected.asString().equals(answer.text())) {
            differences.add(id + ": " + answer.text() + " instead of " + expected.asString());
        }
        if (!expected.isObject()) {
            return;
        }
        JsonNode given;
        try {
            given = answer.json();
        } catch (JacksonException e) {
            differences.add(id + ": no JSON: " + AnswerComparison.cut(answer.text()));
            return;
        }
        tokens.learn(expected, given);
        AnswerComparison.difference(expected, given, tokens)
                .ifPresent(difference ->
                        differences.add(id + " " + step.path("method").asString() + " " + path + ": " + difference));
    }

    private static Answer send(JsonNode step, String path, Map<String, String> headers, String body) {
        return client.send(
                step.path("method").asString(),
                path,
                headers,
                body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    /** The recorder waited until definitions and their objects had come or gone. The last answer if they do not. */
    private static Answer settled(JsonNode step, String path, Map<String, String> headers, RecordedTokens tokens) {
        AtomicReference<Answer> last = new AtomicReference<>();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                last.set(send(step, path, headers, null));
                JsonNode expected = step.path("response");
                if (last.get().code() != step.path("code").asInt() || !expected.isObject()) {
                    return last.get().code() == step.path("code").asInt();
                }
                tokens.learn(expected, last.get().json());
                return AnswerComparison.difference(expected, last.get().json(), tokens)
                        .isEmpty();
            });
        } catch (ConditionTimeoutException e) {
            // Compared by the caller, who says what differs.
        }
        return last.get();
    }

    /** The recorded dialogue went on when its policies held: a consistent list waits for the cache they are read from. */
    private static void seen() {
        client.get(POLICIES + "validatingadmissionpolicies");
        client.get(POLICIES + "validatingadmissionpolicybindings");
    }

    /** The recorded dialogue went on when what it had defined was served. */
    private static void served(JsonNode step, Answer answer) {
        if (!step.path("method").asString().equals("POST")
                || !step.path("path").asString().endsWith("/customresourcedefinitions")
                || answer.code() != 201) {
            return;
        }
        JsonNode spec = answer.json().path("spec");
        String path = "/apis/" + spec.path("group").asString() + "/"
                + spec.path("versions").path(0).path("name").asString() + "/"
                + spec.path("names").path("plural").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> client.get(path).code() == 200);
    }

    private static void warnings(String id, JsonNode recorded, Answer answer, List<String> differences) {
        List<String> expected = new ArrayList<>();
        if (recorded.isArray()) {
            recorded.forEach(line -> expected.add(line.asString()));
        } else if (recorded.isString()) {
            expected.add(recorded.asString());
        }
        List<String> given = answer.headers().getOrDefault("warning", List.of());
        if (!given.equals(expected)) {
            differences.add(id + ": warnings " + given + " instead of " + expected);
        }
    }

    private static String text(JsonNode body) {
        return body.isString() ? body.asString() : body.toString();
    }
}
