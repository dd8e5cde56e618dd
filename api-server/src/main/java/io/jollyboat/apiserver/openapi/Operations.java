package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The paths of a resource and what can be done there. */
final class Operations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> MEDIA =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> PATCH_MEDIA = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");
    private static final List<String> WRITE = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final List<String> DELETE =
            List.of("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy");
    private static final List<String> LIST = List.of(
            "allowWatchBookmarks",
            "continue",
            "fieldSelector",
            "labelSelector",
            "limit",
            "resourceVersion",
            "resourceVersionMatch",
            "sendInitialEvents",
            "timeoutSeconds",
            "watch");

    private final boolean v3;
    private final Schemas schemas;

    Operations(boolean v3, Schemas schemas) {
        this.v3 = v3;
        this.schemas = schemas;
    }

    void add(ObjectNode paths, ResourceType<?> type) {
        String root = (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
        String collection = root + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        List<String> verbs = type.rules().getVerbsList();
        ObjectNode many = item(collection, false);
        if (verbs.contains("list")) {
            many.set("get", operation(type, "", "list", LIST, null, list(type)));
        }
        if (verbs.contains("create")) {
            many.set("post", operation(type, "", "post", WRITE, body(type), body(type)));
        }
        if (verbs.contains("deletecollection")) {
            many.set(
                    "delete",
                    operation(
                            type,
                            "",
                            "deletecollection",
                            LIST,
                            reference(DeleteOptions.getDescriptor()),
                            reference(Status.getDescriptor())));
        }
        put(paths, collection, many);
        if (type.namespaced() && verbs.contains("list")) {
            ObjectNode all = item(root + "/" + type.plural(), false);
            all.set("get", operation(type, "ForAllNamespaces", "list", LIST, null, list(type)));
            put(paths, root + "/" + type.plural(), all);
        }
        String single = collection + "/{name}";
        put(paths, single, one(type, "", single, verbs, body(type)));
        for (Subresource subresource : type.rules().getSubresourcesList()) {
            String path = single + "/" + subresource.getName();
            put(
                    paths,
                    path,
                    one(type, subresource.getName(), path, subresource.getVerbsList(), body(type, subresource)));
        }
    }

    private ObjectNode one(
            ResourceType<?> type, String subresource, String path, List<String> verbs, Supplier<ObjectNode> body) {
        ObjectNode item = item(path, true);
        if (verbs.contains("get")) {
            item.set("get", operation(type, subresource, "get", List.of(), null, body));
        }
        if (verbs.contains("create") && !subresource.isEmpty()) {
            item.set("post", operation(type, subresource, "post", WRITE, body, body));
        }
        if (verbs.contains("update")) {
            item.set("put", operation(type, subresource, "put", WRITE, body, body));
        }
        if (verbs.contains("patch")) {
            List<String> parameters = new ArrayList<>(WRITE);
            parameters.add("force");
            item.set("patch", operation(type, subresource, "patch", parameters, null, body));
        }
        if (verbs.contains("delete")) {
            item.set(
                    "delete",
                    operation(
                            type,
                            subresource,
                            "delete",
                            DELETE,
                            reference(DeleteOptions.getDescriptor()),
                            reference(Status.getDescriptor())));
        }
        return item;
    }

    /** Places where nothing can be done have no entry. */
    private static void put(ObjectNode paths, String path, ObjectNode item) {
        if (item.size() > 1) {
            paths.set(path, item);
        }
    }

    private ObjectNode item(String path, boolean named) {
        ObjectNode item = NODES.objectNode();
        ArrayNode parameters = item.putArray("parameters");
        if (named) {
            parameters.add(parameter("path", "name"));
        }
        if (path.contains("{namespace}")) {
            parameters.add(parameter("path", "namespace"));
        }
        parameters.add(parameter("query", "pretty"));
        return item;
    }

    private ObjectNode operation(
            ResourceType<?> type,
            String subresource,
            String action,
            List<String> parameters,
            Supplier<ObjectNode> body,
            Supplier<ObjectNode> result) {
        ObjectNode operation = NODES.objectNode();
        String group = type.group().isEmpty() ? "core" : type.group().replaceFirst("\\..*", "");
        operation.putArray("tags").add(group + "_" + type.version());
        operation.put("operationId", id(type, subresource, action, group));
        ArrayNode list = operation.putArray("parameters");
        parameters.forEach(name -> list.add(parameter("query", name)));
        boolean patch = action.equals("patch");
        if (v3) {
            requestBody(type, operation, patch, body);
        } else {
            ArrayNode consumes = operation.putArray("consumes");
            (patch ? patchMedia(type) : List.of("*/*")).forEach(consumes::add);
            ArrayNode produces = operation.putArray("produces");
            media(type).forEach(produces::add);
            if (patch || body != null) {
                ObjectNode parameter =
                        list.addObject().put("in", "body").put("name", "body").put("required", true);
                parameter.set("schema", patch ? NODES.objectNode().put("type", "object") : body.get());
            }
        }
        ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
        if (v3) {
            ObjectNode content = ok.putObject("content");
            media(type).forEach(media -> content.putObject(media).set("schema", result.get()));
        } else {
            ok.set("schema", result.get());
        }
        operation.put("x-kubernetes-action", action);
        ObjectNode kind = operation.putObject("x-kubernetes-group-version-kind");
        kind.put("group", type.group()).put("kind", type.kind()).put("version", type.version());
        return operation;
    }

    private static void requestBody(
            ResourceType<?> type, ObjectNode operation, boolean patch, Supplier<ObjectNode> body) {
        if (!patch && body == null) {
            return;
        }
        ObjectNode content = operation.putObject("requestBody").putObject("content");
        for (String media : patch ? patchMedia(type) : List.of("*/*")) {
            content.putObject(media).set("schema", patch ? NODES.objectNode().put("type", "object") : body.get());
        }
    }

    private static String id(ResourceType<?> type, String subresource, String action, String group) {
        String verb = switch (action) {
            case "get" -> "read";
            case "post" -> "create";
            case "put" -> "replace";
            case "deletecollection" -> "deleteCollection";
            default -> action;
        };
        String scope = type.namespaced() && !subresource.equals("ForAllNamespaces") ? "Namespaced" : "";
        return verb + capital(group) + capital(type.version()) + scope + type.kind() + capital(subresource);
    }

    private static String capital(String text) {
        return text.isEmpty() ? "" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private ObjectNode parameter(String in, String name) {
        String type = switch (name) {
            case "limit", "timeoutSeconds", "gracePeriodSeconds" -> "integer";
            case "watch", "allowWatchBookmarks", "sendInitialEvents", "force", "orphanDependents" -> "boolean";
            default -> "string";
        };
        ObjectNode parameter = NODES.objectNode().put("in", in).put("name", name);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        if (v3) {
            parameter.putObject("schema").put("type", type).put("uniqueItems", true);
        } else {
            parameter.put("type", type).put("uniqueItems", true);
        }
        return parameter;
    }

    /** Custom objects have no protobuf form. */
    private static List<String> media(ResourceType<?> type) {
        return type.isCustom() ? MEDIA.subList(0, 2) : MEDIA;
    }

    /** And no merge keys. */
    private static List<String> patchMedia(ResourceType<?> type) {
        return type.isCustom()
                ? PATCH_MEDIA.stream()
                        .filter(media -> !media.contains("strategic"))
                        .toList()
                : PATCH_MEDIA;
    }

    private Supplier<ObjectNode> reference(Descriptor message) {
        return () -> schemas.reference(message);
    }

    private Supplier<ObjectNode> body(ResourceType<?> type) {
        return type.isCustom()
                ? () -> schemas.custom(type, false)
                : reference(type.prototype().getDescriptorForType());
    }

    /** The body of a subresource is the kind itself, or a kind of its own named {@code group/version.Kind}. */
    private Supplier<ObjectNode> body(ResourceType<?> type, Subresource subresource) {
        if (subresource.getKind().isEmpty()) {
            return body(type);
        }
        int dot = subresource.getKind().lastIndexOf('.');
        String version = subresource.getKind().substring(0, Math.max(dot, 0));
        Optional<ResourceType<?>> other =
                Kinds.builtIn().byKind(version, subresource.getKind().substring(dot + 1));
        return other.map(this::body).orElse(body(type));
    }

    private Supplier<ObjectNode> list(ResourceType<?> type) {
        return type.isCustom()
                ? () -> schemas.custom(type, true)
                : reference(
                        type.prototype().getDescriptorForType().getFile().findMessageTypeByName(type.kind() + "List"));
    }
}
