package io.jollyboat.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.codec.Facts;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects as they were sent to an upstream server get the defaults they got there. */
final class UpstreamDefaultsTest {
    /** Set by admission, allocation and strategies, not by defaulting. */
    private static final Set<String> OTHERS = Set.of(
            "spec.clusterIP",
            "spec.clusterIPs",
            "spec.ipFamilies",
            "spec.ipFamilyPolicy",
            "spec.healthCheckNodePort",
            "spec.ports.0.nodePort",
            "spec.priority",
            "spec.preemptionPolicy",
            "spec.serviceAccountName",
            "spec.serviceAccount",
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
            "status");

    @Test
    void defaults() {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Facts.lines("defaults.jsonl")) {
            JsonNode input = line.get("input");
            boolean other = line.path("output").path("kind").asString("").equals("Status")
                    || line.get("id").asString().startsWith("authorization.k8s.io/v1/selfsubjectrules")
                    || line.get("id").asString().startsWith("certificates.k8s.io/");
            if (other
                    || line.path("status").asInt() >= 300
                    || !line.path("output").isObject()) {
                continue;
            }
            Optional<ResourceType<?>> type = Kinds.builtIn()
                    .byKind(
                            input.path("apiVersion").asString(),
                            input.path("kind").asString());
            if (type.isEmpty()) {
                continue;
            }
            compared++;
            Message message = JsonCodec.decode(input, (Message) type.get().prototype(), Strictness.IGNORE)
                    .message();
            JsonNode actual = JsonCodec.toTree(
                    Defaults.apply(message), type.get().apiVersion(), type.get().kind());
            Set<String> differences = new TreeSet<>();
            JsonNode expected = line.get("output");
            prune(expected);
            prune(actual);
            compare("", expected, actual, differences);
            if (!differences.isEmpty()) {
                wrong.add(line.get("id").asString() + " " + differences);
            }
        }
        assertThat(wrong).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(150);
    }

    /** Takes out what admission plugins and the strategies of jobs and namespaces add. */
    private static void prune(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : Set.copyOf(object.propertyNames())) {
                JsonNode value = object.get(name);
                int size = value.size();
                prune(value);
                boolean added = name.startsWith("batch.kubernetes.io/")
                        || (name.equals("job-name") || name.equals("controller-uid"))
                        || (name.equals("matchLabels") && value.isEmpty())
                        || (name.equals("timeAdded") && value.asString().equals("<time>"));
                boolean emptied =
                        Set.of("volumeMounts", "volumes", "tolerations", "taints", "labels", "finalizers", "selector")
                                        .contains(name)
                                && value.isEmpty()
                                && size > 0;
                if (added || emptied) {
                    object.remove(name);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                JsonNode element = array.get(i);
                prune(element);
                String key = element.path("key").asString("");
                boolean taint =
                        (key.equals("node.kubernetes.io/not-ready") || key.equals("node.kubernetes.io/unreachable"))
                                && (element.path("tolerationSeconds").asInt(300) == 300);
                if (taint
                        || element.path("name").asString("").startsWith("kube-api-access-")
                        || (element.isString() && element.asString().equals("kubernetes"))) {
                    array.remove(i);
                }
            }
        }
    }

    private static void compare(String path, JsonNode expected, JsonNode actual, Set<String> into) {
        if (path.equals("metadata") || OTHERS.contains(path)) {
            return;
        }
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>(((ObjectNode) expected).propertyNames());
            names.addAll(((ObjectNode) actual).propertyNames());
            for (String name : names) {
                compare(path.isEmpty() ? name : path + "." + name, expected.path(name), actual.path(name), into);
            }
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "." + i, expected.get(i), actual.get(i), into);
            }
        } else if (!expected.equals(actual)) {
            into.add(path + ": " + expected + " but " + actual);
        }
    }
}
