package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.PatchKind;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;

/** Which paths and methods there are. */
final class Routing {
    private Routing() {}

    /** 404 for a path that nothing is served at. */
    static Target target(ServedKinds kinds, RequestInfo info) {
        ResourceType<?> type = kinds.find(info.apiVersion(), info.resource()).orElseThrow(() -> unknown(kinds, info));
        boolean itself = info.resource().equals("namespaces") && !type.namespaced();
        if (info.path().contains("//")
                || (!type.namespaced() && !info.namespace().isEmpty() && !itself)) {
            throw notFound();
        }
        return new Target(type, type.namespaced() ? info.namespace() : "", info.name(), info.subresource());
    }

    private static RuntimeException unknown(ServedKinds kinds, RequestInfo info) {
        // Below the groups of custom resources nobody knows what might be.
        boolean groupServed = kinds.versions(info.group()).stream()
                .flatMap(version -> kinds.resources(info.group(), version).stream())
                .anyMatch(type -> !type.isCustom());
        return groupServed || info.group().isEmpty() ? notFound() : new PlainReply(PlainReply.NOT_FOUND);
    }

    /** 405 for a method that is not served at a path that is. */
    static void check(RequestInfo info, Target target, String method) {
        boolean proxied =
                target.subresource().equals("proxy") && BodyType.find(target).isPresent();
        if (proxied && method.equals("OPTIONS")) {
            // Any method is passed on; this one has no verb, so that only who may do everything may use it.
            return;
        }
        if ((method.equals("HEAD") && !proxied) || info.verb().isEmpty()) {
            throw methodNotAllowed();
        }
        String verb = info.verb();
        if (target.subresource().isEmpty()) {
            boolean collection = named(info).isEmpty();
            boolean known = target.type().rules().getVerbsList().contains(verb);
            boolean placed = switch (verb) {
                case "create" ->
                    collection
                            && (!target.type().namespaced()
                                    || !target.namespace().isEmpty());
                case "deletecollection" ->
                    !target.type().namespaced() || !target.namespace().isEmpty();
                case "update", "patch", "delete" -> !collection;
                default -> true;
            };
            if (!collection && target.type().namespaced() && target.namespace().isEmpty() && !isList(verb)) {
                throw notFound();
            }
            if (!collection && isVirtual(target.type())) {
                throw notFound();
            }
            if (!known || !placed) {
                throw methodNotAllowed();
            }
            return;
        }
        Subresource subresource = BodyType.find(target)
                .orElseThrow(() ->
                        target.type().isCustom() ? ApiException.notFound(target.type(), target.name()) : notFound());
        if (!info.subpath().isEmpty() && !target.subresource().equals("proxy")) {
            throw notFound();
        }
        if (!subresource.getVerbsList().contains(verb)) {
            throw methodNotAllowed();
        }
    }

    private static boolean isList(String verb) {
        return verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
    }

    /** The name in the path; a field selector's does not count. */
    private static String named(RequestInfo info) {
        return isList(info.verb()) ? "" : info.name();
    }

    private static boolean isVirtual(ResourceType<?> type) {
        return !type.rules().getVerbsList().contains("get");
    }

    /** Custom objects have no merge keys, so they take no strategic merge. */
    static PatchKind patchKind(ResourceType<?> type, String contentType) {
        try {
            PatchKind form = patchKind(contentType);
            if (form != PatchKind.STRATEGIC_MERGE || !type.isCustom()) {
                return form;
            }
        } catch (ApiException e) {
            if (!type.isCustom()) {
                throw e;
            }
        }
        throw ApiException.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    private static PatchKind patchKind(String contentType) {
        return switch (contentType == null ? "" : MediaRange.parse(contentType).type()) {
            case "application/json-patch+json" -> PatchKind.JSON;
            case "application/merge-patch+json" -> PatchKind.MERGE;
            case "application/strategic-merge-patch+json" -> PatchKind.STRATEGIC_MERGE;
            case "application/apply-patch+yaml" -> PatchKind.APPLY;
            default -> throw plain(415, "UnsupportedMediaType", "415: Unsupported Media Type");
        };
    }

    static ApiException methodNotAllowed() {
        return plain(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static ApiException notFound() {
        return plain(404, "NotFound", "the server could not find the requested resource");
    }

    private static ApiException plain(int code, String reason, String message) {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(message)
                .setReason(reason)
                .setDetails(StatusDetails.getDefaultInstance())
                .setCode(code)
                .build());
    }

    /** How upstream calls the package of the kind's internal type. */
    static String internalName(ResourceType<?> type) {
        String group = type.group();
        int dot = group.indexOf('.');
        return group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    }
}
