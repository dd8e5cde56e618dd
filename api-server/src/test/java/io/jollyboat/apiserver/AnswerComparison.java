package io.jollyboat.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares our answers with recorded ones, but for what must differ between two clusters. */
final class AnswerComparison {
    /** What differs between two clusters, or is not kept yet. */
    private static final Set<String> IGNORED = Set.of(
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "clusterIP",
            "clusterIPs",
            "nodePort",
            "healthCheckNodePort",
            "nodeName",
            "lastTransitionTime",
            "description",
            "remainingItemCount",
            "continue");

    /** Parts of answers that controllers wrote there, which do not run here. */
    private static final List<String> CONTROLLERS = List.of(
            ".status.",
            ".spec.podCIDR",
            ".spec.taints",
            ".metadata.annotations.deployment.kubernetes.io/revision",
            ".metadata.annotations.node.alpha.kubernetes.io/ttl");

    private AnswerComparison() {}

    /** The first difference, if there is one. */
    static Optional<String> difference(JsonNode expected, JsonNode given, RecordedTokens tokens) {
        return compare("", expected, given, tokens);
    }

    private static Optional<String> compare(String at, JsonNode expected, JsonNode given, RecordedTokens tokens) {
        if (expected.asString("").startsWith("<as sent")) {
            return Optional.empty(); // shown before
        }
        if (isOfControllers(at)) {
            return Optional.empty();
        }
        if (expected.isObject()) {
            if (expected.size() == 1 && expected.has("kind")) {
                return given.path("kind").equals(expected.path("kind"))
                        ? Optional.empty()
                        : differs(at, expected, given);
            }
            if (expected.has("generateName")
                    && given.path("name")
                            .asString("")
                            .startsWith(expected.path("generateName").asString())) {
                ((ObjectNode) expected).set("name", given.path("name"));
            }
            Set<String> names = new TreeSet<>(expected.propertyNames());
            names.addAll(given.isObject() ? given.propertyNames() : Set.of());
            for (String name : names) {
                // Most recordings leave managed fields out.
                if (IGNORED.contains(name) || (name.equals("managedFields") && !expected.has(name))) {
                    continue;
                }
                var difference = compare(at + "." + name, expected.path(name), given.path(name), tokens);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            boolean excused = names.stream().map(name -> at + "." + name).allMatch(AnswerComparison::isOfControllers);
            return given.isObject() || excused ? Optional.empty() : differs(at, expected, given);
        }
        if (expected.isString() && given.isObject()) {
            // A recorded list of names.
            return compare(at, expected, given.path("metadata").path("name"), tokens);
        }
        if (expected.isString() && expected.asString().matches("<\\d+ items>")) {
            return Optional.empty(); // how many there are depends on the cluster
        }
        if (expected.isArray() && at.endsWith(".managedFields")) {
            // In the order of their times, and what took a second here did not there.
            return byManager(expected).equals(byManager(given)) ? Optional.empty() : differs(at, expected, given);
        }
        if (expected.isArray()) {
            if (expected.size() != given.size()) {
                return differs(at, expected, given);
            }
            for (int i = 0; i < expected.size(); i++) {
                var difference = compare(at + "[" + i + "]", expected.get(i), given.get(i), tokens);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
        String want = expected.isString() ? normal(expected.asString()) : expected.toString();
        String got = given.isString() ? normal(tokens.outOf(given.asString())) : given.toString();
        return want.equals(got) || want.startsWith("\"<") ? Optional.empty() : differs(at, expected, given);
    }

    private static boolean isOfControllers(String at) {
        return CONTROLLERS.stream().anyMatch(at::startsWith);
    }

    private static List<String> byManager(JsonNode entries) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.path("manager").asString("").equals("kube-controller-manager")) {
                continue; // it runs there alone
            }
            TreeMap<String, String> fields = new TreeMap<>();
            entry.properties()
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().toString()));
            fields.replace("time", "");
            texts.add(fields.toString());
        }
        texts.sort(null);
        return texts;
    }

    /** Without what only one cluster knows. */
    private static String normal(String text) {
        return text.replaceAll("kube-api-access-[a-z0-9]{5}", "#")
                .replaceAll("<(rv|uid|time|continue)\\d*>", "#")
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "#")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "#")
                .replaceAll("\\(\\d+\\)", "(#)")
                .replaceAll("resource version: \\d+, current: [\\d#]+", "resource version: #, current: #")
                .replaceAll("resource version: #, current: [\\d#]+", "resource version: #, current: #");
    }

    private static Optional<String> differs(String at, JsonNode expected, JsonNode given) {
        return Optional.of(at + " is " + cut(given.toString()) + " instead of " + cut(expected.toString()));
    }

    static String cut(String text) {
        return text.length() > 240 ? text.substring(0, 240) + "…" : text;
    }
}
