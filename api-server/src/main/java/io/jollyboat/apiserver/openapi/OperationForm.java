package io.jollyboat.apiserver.openapi;

import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How an operation is written in a version of OpenAPI. */
final class OperationForm {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String STREAM = ";stream=watch";
    private static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");

    private final boolean v3;

    OperationForm(boolean v3) {
        this.v3 = v3;
    }

    /** An operation that is being described; {@link #answers} ends it. */
    final class Draft {
        private final ObjectNode node = NODES.objectNode();
        private final List<String> consumes;
        private final Target target;
        private final String action;

        private Draft(Target target, String action, String id, String description, List<String> consumes) {
            this.target = target;
            this.action = action;
            this.consumes = consumes;
            node.put("description", description).putArray("tags").add(target.tag());
            node.put("operationId", id);
        }

        Draft parameters(List<ObjectNode> parameters) {
            node.withArray("/parameters").addAll(parameters);
            return this;
        }

        Draft body(ObjectNode schema, boolean required) {
            ObjectNode body = v3
                    ? node.putObject("requestBody")
                    : node.withArray("/parameters")
                            .addObject()
                            .put("name", "body")
                            .put("in", "body");
            if (v3) {
                content(body, consumes, schema);
            } else {
                body.set("schema", schema);
            }
            if (required) {
                body.put("required", true);
            }
            return this;
        }

        ObjectNode answers(List<String> codes, ObjectNode schema, List<String> produces) {
            if (!v3) {
                addAll(node.putArray("consumes"), consumes);
                addAll(node.putArray("produces"), produces);
                node.putArray("schemes").add("https");
            }
            ObjectNode responses = node.putObject("responses");
            for (String code : codes) {
                ObjectNode response = responses.putObject(code);
                response.put(
                        "description",
                        switch (code) {
                            case "201" -> "Created";
                            case "202" -> "Accepted";
                            default -> "OK";
                        });
                if (v3) {
                    content(response, produces, schema);
                } else {
                    response.set("schema", schema);
                }
            }
            responses.putObject("401").put("description", "Unauthorized");
            node.put("x-kubernetes-action", action);
            ObjectNode kind = node.putObject("x-kubernetes-group-version-kind");
            kind.put("group", target.group()).put("kind", target.bodyKind()).put("version", target.bodyVersion());
            return node;
        }
    }

    Draft of(Target target, String action, String description) {
        String verb = switch (action) {
            case "get" -> "read";
            case "post" -> "create";
            case "put" -> "replace";
            case "deletecollection" -> "delete";
            case "watchlist" -> "watch";
            default -> action;
        };
        boolean everywhere = target.subresource().endsWith("ForAllNamespaces");
        String id = verb
                + target.versionName()
                + (action.equals("deletecollection") ? "Collection" : "")
                + (target.type().namespaced() && !everywhere ? "Namespaced" : "")
                + target.type().kind()
                + Target.capital(target.subresource());
        return new Draft(target, action, id, description, consumes(target.type(), action));
    }

    /** @param withPath whether the request's path goes on */
    Draft connect(Target target, String method, boolean withPath) {
        ResourceType<?> type = target.type();
        String id = "connect"
                + target.versionName()
                + Target.capital(method)
                + (type.namespaced() ? "Namespaced" : "")
                + type.kind()
                + Target.capital(target.subresource())
                + (withPath ? "WithPath" : "");
        String description = "Connects to the " + target.subresource() + " of a " + type.kind() + ".";
        return new Draft(target, "connect", id, description, List.of("*/*"));
    }

    private List<String> consumes(ResourceType<?> type, String action) {
        if (action.equals("patch")) {
            // Custom objects have no merge keys.
            return PATCHES.stream()
                    .filter(patch -> !type.isCustom() || !patch.contains("strategic"))
                    .toList();
        }
        return type.isCustom() ? media(type) : List.of("*/*");
    }

    /** Custom objects have no protobuf form. */
    List<String> media(ResourceType<?> type) {
        return type.isCustom() ? List.of(JSON, YAML) : List.of(JSON, YAML, PROTOBUF);
    }

    List<String> listMedia(ResourceType<?> type) {
        List<String> media = new ArrayList<>(media(type));
        if (!type.isCustom()) {
            Stream.of(JSON, PROTOBUF).map(one -> one + STREAM).forEach(media::add);
        }
        return media;
    }

    private static void content(ObjectNode into, List<String> media, ObjectNode schema) {
        ObjectNode content = into.putObject("content");
        media.forEach(one -> content.putObject(one).set("schema", schema));
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
