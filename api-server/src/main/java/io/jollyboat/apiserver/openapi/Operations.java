package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import io.jollyboat.api.core.v1.PodLogOptions;
import io.jollyboat.api.meta.v1.CreateOptions;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ListOptions;
import io.jollyboat.api.meta.v1.PatchOptions;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.UpdateOptions;
import io.jollyboat.api.meta.v1.WatchEvent;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The paths of a resource and what can be done there. */
final class Operations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> READ = List.of("200");
    private static final List<String> CREATE = List.of("200", "201", "202");
    private static final List<String> UPDATE = List.of("200", "201");
    private static final List<String> DELETE = List.of("200", "202");
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final Set<String> WATCHING = Set.of("watch", "allowWatchBookmarks");
    /** Whose deletion answers with the object, as upstream's. */
    private static final Set<String> SHOWN_WHEN_DELETED = Set.of(
            "CSIDriver",
            "CSINode",
            "DeviceClass",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ResourceClaim",
            "ResourceClaimTemplate",
            "ResourceQuota",
            "ResourceSlice",
            "Service",
            "ServiceAccount",
            "StorageClass",
            "VolumeAttachment",
            "VolumeAttributesClass");

    private final Schemas schemas;
    private final Parameters parameters;
    private final OperationForm form;

    Operations(boolean v3, Schemas schemas) {
        this.schemas = schemas;
        this.parameters = new Parameters(v3, schemas.descriptions());
        this.form = new OperationForm(v3);
    }

    void add(ObjectNode paths, ResourceType<?> type) {
        String root = (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
        String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
        String collection = root + scope + type.plural();
        String single = collection + "/{name}";
        List<String> verbs = type.rules().getVerbsList();
        collection(paths, collection, type);
        boolean everywhere = type.namespaced() && verbs.contains("list");
        if (everywhere) {
            ObjectNode all = NODES.objectNode();
            all.set("get", list(type, "ForAllNamespaces"));
            put(paths, root + "/" + type.plural(), all, type.kind());
        }
        ResourceBodies bodies = new ResourceBodies(type, schemas);
        put(paths, single, single(new Target(type, "", type.kind()), verbs, bodies.own()), type.kind());
        for (Subresource subresource : type.rules().getSubresourcesList()) {
            subresource(paths, single + "/" + subresource.getName(), type, subresource, bodies);
        }
        if (verbs.contains("watch") && !type.isCustom()) {
            String watched = root + "/watch" + scope + type.plural();
            watch(paths, watched, type, "List", "watchlist");
            watch(paths, watched + "/{name}", type, "", "watch");
            if (everywhere) {
                watch(paths, root + "/watch/" + type.plural(), type, "ListForAllNamespaces", "watchlist");
            }
        }
    }

    private void collection(ObjectNode paths, String path, ResourceType<?> type) {
        List<String> verbs = type.rules().getVerbsList();
        ObjectNode many = NODES.objectNode();
        Supplier<ObjectNode> own = new ResourceBodies(type, schemas).own();
        if (verbs.contains("list")) {
            many.set("get", list(type, ""));
        }
        if (verbs.contains("create")) {
            many.set(
                    "post",
                    form.of(new Target(type, "", type.kind()), "post", "Creates a " + type.kind() + ".")
                            .parameters(parameters.of(CreateOptions.getDescriptor()))
                            .body(own.get(), true)
                            .answers(CREATE, own.get(), form.media(type)));
        }
        if (verbs.contains("deletecollection")) {
            many.set("delete", deleteMany(type));
        }
        put(paths, path, many, type.kind());
    }

    private ObjectNode deleteMany(ResourceType<?> type) {
        OperationForm.Draft draft =
                form.of(new Target(type, "", type.kind()), "deletecollection", "Deletes many of " + type.kind() + ".");
        if (type.isCustom()) {
            // As upstream tells it; the options of deletions hold all the same.
            draft.parameters(parameters.of(ListOptions.getDescriptor()));
        } else {
            List<ObjectNode> options = new ArrayList<>(parameters.of(DeleteOptions.getDescriptor()));
            parameters.of(ListOptions.getDescriptor()).stream()
                    .filter(option -> !WATCHING.contains(option.get("name").asString()))
                    .forEach(options::add);
            draft.parameters(options).body(schemas.reference(DeleteOptions.getDescriptor()), false);
        }
        return draft.answers(READ, schemas.reference(Status.getDescriptor()), form.media(type));
    }

    private ObjectNode list(ResourceType<?> type, String suffix) {
        boolean watched = type.rules().getVerbsList().contains("watch");
        return form.of(
                        new Target(type, suffix, type.kind()),
                        "list",
                        (watched ? "Lists or watches" : "Lists") + " objects of kind " + type.kind() + ".")
                .parameters(parameters.of(ListOptions.getDescriptor()))
                .answers(READ, new ResourceBodies(type, schemas).list(), form.listMedia(type));
    }

    private void watch(ObjectNode paths, String path, ResourceType<?> type, String suffix, String action) {
        ObjectNode item = NODES.objectNode();
        item.set(
                "get",
                form.of(
                                new Target(type, suffix, type.kind()),
                                action,
                                "Watches " + type.kind() + ". Deprecated: list with the parameter watch.")
                        .parameters(parameters.of(ListOptions.getDescriptor()))
                        .answers(READ, schemas.reference(WatchEvent.getDescriptor()), form.listMedia(type)));
        put(paths, path, item, type.kind());
    }

    private void subresource(
            ObjectNode paths, String path, ResourceType<?> type, Subresource subresource, ResourceBodies bodies) {
        String kind = bodies.kind(subresource);
        Target target = new Target(type, subresource.getName(), subresource.getKind());
        if (bodies.isConnection(subresource)) {
            connect(paths, path, target, bodies.descriptor(subresource), subresource.getVerbsList());
        } else if (subresource.getName().equals("log")) {
            ObjectNode item = NODES.objectNode();
            List<String> media = new ArrayList<>(List.of("text/plain"));
            media.addAll(form.media(type));
            item.set(
                    "get",
                    form.of(target, "get", "Reads the log of a " + type.kind() + ".")
                            .parameters(parameters.of(PodLogOptions.getDescriptor()))
                            .answers(READ, NODES.objectNode().put("type", "string"), media));
            put(paths, path, item, kind);
        } else {
            put(paths, path, single(target, subresource.getVerbsList(), bodies.of(subresource)), kind);
        }
    }

    private ObjectNode single(Target target, List<String> verbs, Supplier<ObjectNode> body) {
        ResourceType<?> type = target.type();
        String what = (target.subresource().isEmpty() ? "" : target.subresource() + " of ") + "a " + type.kind() + ".";
        List<String> media = form.media(type);
        ObjectNode item = NODES.objectNode();
        if (verbs.contains("get")) {
            OperationForm.Draft get = form.of(target, "get", "Reads " + what);
            if (type.isCustom()) {
                get.parameters(List.of(
                        parameters.query("resourceVersion", "string", "A version not older than which is shown.")));
            }
            item.set("get", get.answers(READ, body.get(), media));
        }
        if (verbs.contains("update")) {
            item.set(
                    "put",
                    form.of(target, "put", "Replaces " + what)
                            .parameters(parameters.of(UpdateOptions.getDescriptor()))
                            .body(body.get(), true)
                            .answers(UPDATE, body.get(), media));
        }
        if (verbs.contains("create") && !target.subresource().isEmpty()) {
            item.set(
                    "post",
                    form.of(target, "post", "Creates " + what)
                            .parameters(parameters.of(CreateOptions.getDescriptor()))
                            .body(body.get(), true)
                            .answers(CREATE, body.get(), media));
        }
        if (verbs.contains("delete")) {
            boolean shown = SHOWN_WHEN_DELETED.contains(type.kind()) && !type.isCustom();
            item.set(
                    "delete",
                    form.of(target, "delete", "Deletes " + what)
                            .parameters(parameters.of(DeleteOptions.getDescriptor()))
                            .body(schemas.reference(DeleteOptions.getDescriptor()), false)
                            .answers(DELETE, shown ? body.get() : schemas.reference(Status.getDescriptor()), media));
        }
        if (verbs.contains("patch")) {
            item.set(
                    "patch",
                    form.of(target, "patch", "Changes parts of " + what)
                            .parameters(parameters.of(PatchOptions.getDescriptor()))
                            .body(schemas.patch(), true)
                            .answers(type.isCustom() ? READ : UPDATE, body.get(), media));
        }
        return item;
    }

    /** Streams and proxies, where any method may be asked for that the verbs stand for. */
    private void connect(ObjectNode paths, String path, Target target, Descriptor options, List<String> verbs) {
        boolean proxy = verbs.contains("update");
        List<String> methods = proxy ? METHODS : List.of("get", "post");
        for (String suffix : proxy ? List.of("", "/{path}") : List.of("")) {
            ObjectNode item = NODES.objectNode();
            for (String method : methods) {
                item.set(
                        method,
                        form.connect(target, method, !suffix.isEmpty())
                                .parameters(parameters.of(options))
                                .answers(READ, NODES.objectNode().put("type", "string"), List.of("*/*")));
            }
            put(paths, path + suffix, item, options.getName());
        }
    }

    /** Places where nothing can be done have no entry. */
    private void put(ObjectNode paths, String path, ObjectNode item, String kind) {
        if (item.isEmpty()) {
            return;
        }
        boolean connection = kind.endsWith("Options");
        List<ObjectNode> more = new ArrayList<>();
        Stream.of("name", "namespace", "path")
                .filter(name -> path.contains("{" + name + "}"))
                .forEach(name -> more.add(parameters.path(name, kind)));
        if (!connection) {
            more.add(parameters.pretty());
        }
        item.forEach(operation -> operation.withArray("/parameters").addAll(more));
        Parameters.share(item);
        paths.set(path, item);
    }
}
