package io.jollyboat.apiserver.rest;

import io.jollyboat.api.core.v1.ComponentCondition;
import io.jollyboat.api.core.v1.ComponentStatus;
import io.jollyboat.api.core.v1.ComponentStatusList;
import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.PartialObjectMetadata;
import io.jollyboat.api.meta.v1.PartialObjectMetadataList;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Dialer;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.outbound.Trust;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.FieldMatcher;
import io.jollyboat.selectors.FieldSelectors;
import io.jollyboat.selectors.LabelSelectors;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the other parts of the control plane are: nothing of it is stored, each request asks them. As upstream's server, this
 * one looks for them at their usual ports on its own host and nowhere else. Thread-safe.
 */
final class ComponentStatuses {
    private static final String LOCAL = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 10 * 1024;

    private final HttpCaller caller;
    private final Tables tables;
    private final Map<String, Supplier<ComponentCondition>> probes = new LinkedHashMap<>();

    /** @param store why the store does not answer, empty when it does */
    ComponentStatuses(HttpCaller caller, Tables tables, Supplier<Optional<String>> store) {
        this.caller = caller;
        this.tables = tables;
        probes.put("controller-manager", () -> ask(10257));
        probes.put("scheduler", () -> ask(10259));
        probes.put(
                "etcd-0",
                () -> store.get()
                        .map(reason -> condition("False", "").toBuilder()
                                .setError(reason)
                                .build())
                        .orElseGet(() -> condition("True", "ok")));
    }

    static boolean handles(Target target) {
        return target.type().group().isEmpty() && target.type().plural().equals("componentstatuses");
    }

    byte[] get(Target target, Representation how, String includeObject) {
        Supplier<ComponentCondition> probe = probes.get(target.name());
        if (probe == null) {
            throw ApiException.notFound("", "componentstatus", target.name());
        }
        ComponentStatus status = status(target.name(), probe);
        return switch (how.shape()) {
            case OBJECT -> Renderer.message(status, "v1", "ComponentStatus", how);
            case METADATA, METADATA_LIST ->
                Renderer.message(
                        PartialObjectMetadata.newBuilder()
                                .setMetadata(status.getMetadata())
                                .build(),
                        "meta.k8s.io/" + how.metaVersion(),
                        "PartialObjectMetadata",
                        how);
            case TABLE -> tables.unstored(target.type(), List.of(status), includeObject, how);
        };
    }

    byte[] list(ResourceType<?> type, ListQuery query, Representation how, String includeObject) {
        List<ComponentStatus> statuses = chosen(query).stream()
                .map(name -> status(name, probes.get(name)))
                .toList();
        return switch (how.shape()) {
            case OBJECT ->
                Renderer.message(
                        ComponentStatusList.newBuilder()
                                .setMetadata(ListMeta.getDefaultInstance())
                                .addAllItems(statuses)
                                .build(),
                        "v1",
                        "ComponentStatusList",
                        how);
            case METADATA, METADATA_LIST ->
                Renderer.message(
                        PartialObjectMetadataList.newBuilder()
                                .setMetadata(ListMeta.getDefaultInstance())
                                .addAllItems(statuses.stream()
                                        .map(status -> PartialObjectMetadata.newBuilder()
                                                .setMetadata(status.getMetadata())
                                                .build())
                                        .toList())
                                .build(),
                        "meta.k8s.io/" + how.metaVersion(),
                        "PartialObjectMetadataList",
                        how);
            case TABLE -> tables.unstored(type, statuses, includeObject, how);
        };
    }

    /** They have no labels, and no field but the name. */
    private List<String> chosen(ListQuery query) {
        try {
            boolean labelled = LabelSelectors.parse(query.labelSelector()).matches(Map.of());
            FieldMatcher fields = FieldSelectors.parse(query.fieldSelector());
            return probes.keySet().stream()
                    .filter(name -> labelled && fields.matches(path -> path.equals("metadata.name") ? name : ""))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
    }

    private static ComponentStatus status(String name, Supplier<ComponentCondition> probe) {
        return ComponentStatus.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .addConditions(probe.get())
                .build();
    }

    private ComponentCondition ask(int port) {
        Peer peer = new Peer(LOCAL + ":" + port, LOCAL, Dialer.to(LOCAL, port), Trust.anyone(() -> null));
        try {
            HttpCaller.Answer answer = caller.call(peer, "GET", "/healthz", List.of(), null, TIMEOUT, MAX_BYTES);
            int code = answer.head().code();
            return code >= 200 && code < 400
                    ? condition("True", answer.body().toStringUtf8())
                    : condition("False", "HTTP probe failed with statuscode: " + code);
        } catch (CallException e) {
            return condition("False", "Get \"" + peer.url("/healthz") + "\": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.of(503, "ServiceUnavailable", "the server is shutting down");
        }
    }

    private static ComponentCondition condition(String status, String message) {
        ComponentCondition.Builder condition =
                ComponentCondition.newBuilder().setType("Healthy").setStatus(status);
        if (!message.isEmpty()) {
            condition.setMessage(message);
        }
        return condition.build();
    }
}
