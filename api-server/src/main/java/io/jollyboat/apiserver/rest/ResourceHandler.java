package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.Deletion;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.PatchKind;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.apiserver.request.WriteOptions;
import io.jollyboat.apiserver.request.Written;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.function.Supplier;

/** Requests about objects. */
final class ResourceHandler {
    private static final String DEPRECATED = "k8s.io/deprecated";
    private final ServedKinds kinds;
    private final ResourceService resources;
    private final Renderer renderer;
    private final Tables tables;
    private final WatchHandler watches;
    private final KubeletProxy kubelets;
    private final ComponentStatuses components;
    private final AccessGate gate;

    ResourceHandler(
            ServedKinds kinds,
            ResourceService resources,
            Renderer renderer,
            Tables tables,
            WatchHandler watches,
            KubeletProxy kubelets,
            ComponentStatuses components,
            AccessGate gate) {
        this.kinds = kinds;
        this.resources = resources;
        this.renderer = renderer;
        this.tables = tables;
        this.watches = watches;
        this.kubelets = kubelets;
        this.components = components;
        this.gate = gate;
    }

    void handle(HttpExchange exchange, RequestInfo info, UserInfo user) throws InterruptedException {
        Target target = Routing.target(kinds, info);
        Routing.check(info, target, exchange.method());
        if (KubeletProxy.handles(target)) {
            kubelets.handle(exchange, info, target, user);
            return;
        }
        deprecation(target.type(), exchange);
        switch (info.verb()) {
            case "get" -> get(exchange, target);
            case "list" -> list(exchange, target);
            case "watch" -> watches.handle(exchange, target);
            case "create" -> create(exchange, target, user);
            case "update" -> update(exchange, target, info, user);
            case "patch" -> patch(exchange, info, target, user);
            case "delete" -> delete(exchange, target, user);
            case "deletecollection" -> deleteCollection(exchange, target, user);
            default -> throw Routing.methodNotAllowed();
        }
    }

    private void get(HttpExchange exchange, Target target) {
        Representation how = representation(exchange, target.type());
        if (how.shape() == Representation.Shape.METADATA_LIST) {
            throw ApiException.of(
                    406,
                    "NotAcceptable",
                    "you requested PartialObjectMetadataList, but the requested object is not a list (*"
                            + Routing.internalName(target.type()) + "."
                            + target.type().kind() + ")");
        }
        if (ComponentStatuses.handles(target)) {
            reply(
                    exchange,
                    200,
                    how,
                    components.get(target, how, exchange.query().text("includeObject")));
            return;
        }
        String version = exchange.query().text("resourceVersion");
        if (target.subresource().equals("scale")) {
            Scale scale = (Scale) resources.getSubresource(target, version);
            if (how.shape() == Representation.Shape.TABLE) {
                reply(exchange, 200, how, tables.scale(scale, exchange.query().text("includeObject"), how));
            } else {
                reply(exchange, 200, scale, BodyType.of(target), how);
            }
            return;
        }
        reply(exchange, 200, how, show(target.type(), resources.get(target.main(), version), how, exchange));
    }

    private byte[] show(ResourceType<?> type, Entry entry, Representation how, HttpExchange exchange) {
        return switch (how.shape()) {
            case OBJECT -> renderer.entry(type, entry, how);
            case METADATA, METADATA_LIST -> renderer.metadata(entry, how);
            case TABLE ->
                tables.table(
                        type,
                        new ListPage(List.of(entry), entry.revision(), "", -1),
                        exchange.query().text("includeObject"),
                        how);
        };
    }

    private void list(HttpExchange exchange, Target target) throws InterruptedException {
        Representation how = representation(exchange, target.type());
        if (how.shape() == Representation.Shape.METADATA) {
            throw ApiException.of(
                    406,
                    "NotAcceptable",
                    "you requested PartialObjectMetadata, but the requested object is a list (*"
                            + Routing.internalName(target.type()) + "."
                            + target.type().kind() + "List)");
        }
        ListQuery query = ListQuery.of(exchange.query(), false);
        if (ComponentStatuses.handles(target)) {
            String includeObject = exchange.query().text("includeObject");
            reply(exchange, 200, how, components.list(target.type(), query, how, includeObject));
            return;
        }
        ListPage page = resources.list(target, query);
        showList(exchange, target.type(), page, how);
    }

    private void showList(HttpExchange exchange, ResourceType<?> type, ListPage page, Representation how)
            throws InterruptedException {
        List<byte[]> body = switch (how.shape()) {
            case OBJECT -> renderer.list(type, page, how);
            case METADATA, METADATA_LIST -> List.of(renderer.metadataList(page, how));
            case TABLE -> List.of(tables.table(type, page, exchange.query().text("includeObject"), how));
        };
        LargeReply.send(exchange, how.format().mediaType(), body);
    }

    private void create(HttpExchange exchange, Target target, UserInfo user) {
        Representation how = representation(exchange, target.type());
        requireColumns(target, how);
        Format format = Negotiation.body(exchange.header("Content-Type"));
        Call call = WriteOptions.call("CreateOptions", user, exchange.query(), exchange.header("User-Agent"))
                .audited(exchange.notes());
        BodyType type = BodyType.of(target);
        Message body = BodyReader.read(exchange.body(), format, type, call);
        exchange.auditRequest(AuditBodies.meta(body), () -> JsonCodec.encode(body, type.apiVersion(), type.kind()));
        Written written = EmptyValues.shown(
                exchange.body(), format, () -> warned(exchange, call, () -> resources.create(call, target, body)));
        answer(exchange, 201, target, written, type, how, call);
    }

    private void update(HttpExchange exchange, Target target, RequestInfo info, UserInfo user) {
        Representation how = representation(exchange, target.type());
        Format format = Negotiation.body(exchange.header("Content-Type"));
        Call call = WriteOptions.call("UpdateOptions", user, exchange.query(), exchange.header("User-Agent"))
                .audited(exchange.notes());
        BodyType type = BodyType.of(target);
        Message body = BodyReader.read(exchange.body(), format, type, call);
        exchange.auditRequest(AuditBodies.meta(body), () -> JsonCodec.encode(body, type.apiVersion(), type.kind()));
        Written written = EmptyValues.shown(
                exchange.body(),
                format,
                () -> warned(exchange, call, () -> resources.update(call, target, body, () -> mayCreate(info, user))));
        answer(exchange, written.created() ? 201 : 200, target, written, type, how, call);
    }

    private void patch(HttpExchange exchange, RequestInfo info, Target target, UserInfo user) {
        Representation how = representation(exchange, target.type());
        PatchKind form = Routing.patchKind(target.type(), exchange.header("Content-Type"));
        boolean applies = form == PatchKind.APPLY;
        Call call = WriteOptions.patch(applies, user, exchange.query(), exchange.header("User-Agent"))
                .audited(exchange.notes());
        exchange.auditRequest(ObjectMeta.getDefaultInstance(), exchange::body);
        Written written = warned(
                exchange,
                call,
                () -> applies
                        ? resources.apply(
                                call,
                                target,
                                exchange.body(),
                                exchange.query().flag("force"),
                                () -> mayCreate(info, user))
                        : resources.patch(call, target, form, exchange.body()));
        answer(exchange, written.created() ? 201 : 200, target, written, BodyType.of(target), how, call);
    }

    /** Throws where the caller may update the object, or patch it, but not create it. */
    private void mayCreate(RequestInfo info, UserInfo user) {
        gate.authorize(AccessGate.attributes(user, info.withVerb("create"), "", ""));
    }

    private void delete(HttpExchange exchange, Target target, UserInfo user) {
        Representation how = representation(exchange, target.type());
        DeleteOptions options = options(exchange);
        Call call = WriteOptions.deletion(user, options).audited(exchange.notes());
        Deletion deletion = warned(exchange, call, () -> resources.delete(call, target.main(), options));
        call.warnings().forEach(warning -> warn(exchange, warning));
        ResourceType<?> type = target.type();
        if (!deletion.gone() || resources.returnsDeleted(type)) {
            reply(exchange, 200, deletion.object(), BodyType.of(type), how.plain());
            return;
        }
        Status status = Status.newBuilder()
                .setStatus("Success")
                .setDetails(StatusDetails.newBuilder()
                        .setName(target.name())
                        .setGroup(type.group())
                        .setKind(type.plural())
                        .setUid(type.meta(deletion.object()).getUid()))
                .build();
        reply(exchange, 200, status, new BodyType("v1", "Status", status), how.plain());
    }

    private void deleteCollection(HttpExchange exchange, Target target, UserInfo user) throws InterruptedException {
        Representation how = representation(exchange, target.type());
        DeleteOptions options = options(exchange);
        Call call = WriteOptions.deletion(user, options).audited(exchange.notes());
        ListPage page = resources.deleteCollection(call, target, ListQuery.of(exchange.query(), false), options);
        showList(exchange, target.type(), page, how);
    }

    /** From the body where there is one, else from the query. */
    private static DeleteOptions options(HttpExchange exchange) {
        Format format = Negotiation.body(exchange.header("Content-Type"));
        DeleteOptions options = exchange.body().length > 0
                ? BodyReader.deleteOptions(exchange.body(), format)
                : WriteOptions.deleteOptions(exchange.query());
        WriteOptions.check(options);
        exchange.auditRequest(
                ObjectMeta.getDefaultInstance(), () -> JsonCodec.encode(options, "meta.k8s.io/v1", "DeleteOptions"));
        return options;
    }

    private Representation representation(HttpExchange exchange, ResourceType<?> type) {
        Representation how = Negotiation.answer(exchange.header("Accept"), !type.isCustom());
        return how.withPretty(how.pretty() || pretty(exchange));
    }

    /** What is posted without being stored is shown in no table. */
    private static void requireColumns(Target target, Representation how) {
        boolean stored = target.subresource().isEmpty()
                && target.type().rules().getVerbsList().contains("get");
        if (!stored && how.shape() == Representation.Shape.TABLE) {
            throw ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + Format.ALL);
        }
    }

    /** People who look with curl get indented JSON. */
    private static boolean pretty(HttpExchange exchange) {
        if (exchange.query().has("pretty")) {
            return exchange.query().flag("pretty");
        }
        String agent = exchange.header("User-Agent");
        return agent != null && (agent.startsWith("curl") || agent.startsWith("Wget"));
    }

    private void answer(
            HttpExchange exchange,
            int code,
            Target target,
            Written written,
            BodyType type,
            Representation how,
            Call call) {
        call.warnings().forEach(warning -> warn(exchange, warning));
        if (written.object() instanceof Status status) {
            reply(exchange, code, status, new BodyType("v1", "Status", status), how);
        } else if (written.entry() != null) {
            reply(exchange, code, how, show(target.type(), written.entry(), how, exchange));
        } else {
            reply(exchange, code, written.object(), type, how.plain());
        }
    }

    /** What was to be warned of before the request was refused is told all the same. */
    private static <T> T warned(HttpExchange exchange, Call call, Supplier<T> work) {
        try {
            return work.get();
        } catch (ApiException e) {
            call.warnings().forEach(warning -> warn(exchange, warning));
            throw e;
        }
    }

    private static void reply(HttpExchange exchange, int code, Message message, BodyType type, Representation how) {
        byte[] body = Renderer.message(message, type.apiVersion(), type.kind(), how);
        reply(exchange, code, how, body);
    }

    private static void reply(HttpExchange exchange, int code, Representation how, byte[] body) {
        exchange.reply(Reply.of(code, how.format().mediaType(), body));
    }

    private static void deprecation(ResourceType<?> type, HttpExchange exchange) {
        if (type.isCustom()) {
            CustomVersion.of(type).deprecation().ifPresent(text -> warn(exchange, text));
            return;
        }
        if (!type.group().isEmpty()) {
            return;
        }
        if (type.plural().equals("endpoints")) {
            warn(exchange, "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
            exchange.notes().add(DEPRECATED, "true");
        } else if (type.plural().equals("componentstatuses")) {
            warn(exchange, "v1 ComponentStatus is deprecated in v1.19+");
            exchange.notes().add(DEPRECATED, "true");
        }
    }

    static void warn(HttpExchange exchange, String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            // Control characters would end the header.
            quoted.append(c < ' ' ? ' ' : c);
        }
        exchange.addHeader("Warning", "299 - \"" + quoted + "\"");
    }
}
