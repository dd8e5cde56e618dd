package io.jollyboat.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.defaults.Defaults;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Patches as they were sent to an upstream server have the results they had there. */
final class UpstreamPatchTest {
    /** Dialogues whose results show more than patches: allocation, admission, strategies, controllers at work. */
    private static final Set<String> MORE_THAN_PATCHES = Set.of(
            "service_allocation",
            "deletecollection",
            "pod_resize",
            "pod_immutable_spec",
            "events_two_apis",
            "node_object",
            "deployment_rollout_watch");

    @Test
    void refusedPatches() {
        ConfigMap configMap = ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("cm").setNamespace("rec-a"))
                .putData("k", "v")
                .build();
        Deployment.Builder builder =
                Deployment.newBuilder().setMetadata(ObjectMeta.newBuilder().setName("d"));
        builder.getSpecBuilder()
                .getTemplateBuilder()
                .getSpecBuilder()
                .addContainers(Container.newBuilder().setName("c").setImage("b"));
        Deployment deployment = builder.build();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Facts.lines("validation.jsonl")) {
            String id = line.get("id").asString();
            Optional<PatchForm> form =
                    form(line.path("headers").path("Content-Type").asString(""));
            boolean ours = id.startsWith("patch/")
                    && !id.matches("patch/(json-name|force-nonapply|manager-unprintable|missing|smp-deploy-delete-all)")
                    && form.isPresent();
            if (!ours) {
                continue;
            }
            compared++;
            int code = 200;
            String message = "";
            try {
                byte[] body = line.get("body").isString()
                        ? line.get("body").asString().getBytes(StandardCharsets.UTF_8)
                        : line.get("body").toString().getBytes(StandardCharsets.UTF_8);
                if (line.get("path").asString().contains("/deployments/")) {
                    Patches.apply(deployment, "apps/v1", "Deployment", form.get(), body, Strictness.WARN);
                } else {
                    Patches.apply(configMap, "v1", "ConfigMap", form.get(), body, Strictness.WARN);
                }
            } catch (ApiException e) {
                code = e.code();
                message = e.getMessage();
            }
            String expected = line.path("response").path("message").asString("");
            // What the object is printed as in between differs: theirs has managed fields.
            String end = expected.substring(Math.max(0, expected.lastIndexOf("}\": ")));
            if (code != line.get("code").asInt() || !message.endsWith(end)) {
                wrong.add(id + ": " + line.get("code") + " " + end + " but " + code + " " + message);
            }
        }
        assertThat(wrong).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(25);
    }

    @Test
    void appliedPatches() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode dialogue : Facts.lines("dialogues.jsonl")) {
            Map<String, JsonNode> objects = new HashMap<>();
            for (JsonNode step : dialogue.get("steps")) {
                JsonNode response = step.path("response");
                String path = step.path("path").asString("").replaceAll("\\?.*", "");
                Optional<PatchForm> form =
                        form(step.path("headers").path("Content-Type").asString(""));
                JsonNode before = objects.get(key(response));
                boolean changesType = step.path("body").path("spec").has("type")
                        || step.path("body").path("spec").has("strategy");
                if (!changesType
                        && !MORE_THAN_PATCHES.contains(dialogue.get("name").asString())
                        && step.path("method").asString("").equals("PATCH")
                        && form.isPresent()
                        && before != null
                        && step.path("code").asInt() == 200
                        && !path.endsWith("/status")
                        && !path.endsWith("/scale")) {
                    compared++;
                    check(dialogue.get("name").asString(), step, before, response, form.get(), wrong);
                }
                objects.put(key(response), response);
            }
        }
        assertThat(wrong).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(20);
    }

    private static void check(
            String name, JsonNode step, JsonNode before, JsonNode after, PatchForm form, List<String> wrong) {
        Optional<ResourceType<?>> type = Kinds.builtIn()
                .byKind(
                        before.path("apiVersion").asString(""),
                        before.path("kind").asString(""));
        if (type.isEmpty()) {
            return;
        }
        Message current;
        try {
            current = decode(type.get(), before);
        } catch (DecodeException e) {
            // Recorded with placeholders where the type wants something else.
            return;
        }
        byte[] body = (step.get("body").isString()
                        ? step.get("body").asString()
                        : step.get("body").toString())
                .getBytes(StandardCharsets.UTF_8);
        String expected = json(type.get(), decode(type.get(), after));
        String actual;
        try {
            Message patched = Patches.apply(
                            current, type.get().apiVersion(), type.get().kind(), form, body, Strictness.WARN)
                    .object();
            actual = json(type.get(), Defaults.apply(patched));
        } catch (ApiException e) {
            actual = e.getMessage();
        }
        if (!actual.equals(expected)) {
            wrong.add(name + " " + step.get("body") + "\n  upstream " + expected + "\n  ours     " + actual);
        }
    }

    private static String json(ResourceType<?> type, Message object) {
        ObjectNode tree = (ObjectNode) JsonCodec.toTree(object, type.apiVersion(), type.kind());
        tree.remove("status");
        ((ObjectNode) tree.get("metadata"))
                .remove(List.of(
                        "namespace",
                        "resourceVersion",
                        "generation",
                        "managedFields",
                        "uid",
                        "creationTimestamp",
                        "deletionTimestamp"));
        return tree.toString();
    }

    private static Message decode(ResourceType<?> type, JsonNode object) {
        String text = object.toString().replaceAll("\"<time[^>]*>\"", "\"2026-01-02T03:04:05Z\"");
        return JsonCodec.decode(text.getBytes(StandardCharsets.UTF_8), (Message) type.prototype(), Strictness.IGNORE)
                .message();
    }

    private static String key(JsonNode object) {
        return object.path("kind").asString("") + " "
                + object.path("metadata").path("name").asString("");
    }

    private static Optional<PatchForm> form(String contentType) {
        return switch (contentType) {
            case "application/json-patch+json" -> Optional.of(PatchForm.JSON);
            case "application/merge-patch+json" -> Optional.of(PatchForm.MERGE);
            case "application/strategic-merge-patch+json" -> Optional.of(PatchForm.STRATEGIC_MERGE);
            default -> Optional.empty();
        };
    }
}
