package io.jollyboat.apiserver.audit;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is known and written of one request. Thread-safe: its time may be over while it is worked on. */
public final class RequestAudit implements AuditAnnotations {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final AuditLog log;
    private final AuditPolicy.Decision decision;
    private final RequestAttributes request;
    private final RequestFacts facts;
    private final Instant received;
    private final Map<String, String> annotations = new TreeMap<>();
    private UserInfo actingAs;
    private String constraint = "";
    private JsonNode requestObject;
    private JsonNode responseObject;
    private ObjectNode status;
    private ObjectMeta named = ObjectMeta.getDefaultInstance();
    private boolean ended;

    RequestAudit(
            AuditLog log,
            AuditPolicy.Decision decision,
            RequestAttributes request,
            RequestFacts facts,
            Instant received) {
        this.log = log;
        this.decision = decision;
        this.request = request;
        this.facts = facts;
        this.received = received;
    }

    @Override
    public synchronized void add(String key, String value) {
        annotations.putIfAbsent(key, value);
    }

    @Override
    public void addDetail(String key, Supplier<String> value) {
        if (decision.level().has(AuditLevel.REQUEST)) {
            add(key, value.get());
        }
    }

    /**
     * The user whom the caller acts as.
     *
     * @param by the verb that allows it, where that is a constrained one; else empty
     */
    public synchronized void actingAs(UserInfo user, String by) {
        actingAs = user;
        constraint = by;
    }

    /**
     * The object of a request.
     *
     * @param meta names what is not named in the path
     */
    public synchronized void requestObject(ObjectMeta meta, Supplier<byte[]> json) {
        named = meta;
        if (decision.level().has(AuditLevel.REQUEST)) {
            requestObject = trimmed(parsed(json.get()));
        }
    }

    /** Whether answers' bodies are wanted, or at least those of failures. */
    public boolean wantsBody(int code) {
        return code >= 400 || decision.level().has(AuditLevel.REQUEST_RESPONSE);
    }

    /** The first part of an answer that lasts is on its way. */
    public synchronized void started(int code) {
        if (status == null) {
            status = ok(code);
        }
        if (facts.lasts()) {
            write(AuditStage.RESPONSE_STARTED);
        }
    }

    /** @param json null where the body is not wanted, or not JSON */
    public synchronized void answered(int code, byte[] json) {
        JsonNode object = json == null ? null : parsed(json);
        status = ok(code);
        if (object != null && object.path("kind").asString("").equals("Status")) {
            status = (ObjectNode) object.deepCopy();
            status.remove(java.util.List.of("kind", "apiVersion"));
        }
        if (object != null && decision.level().has(AuditLevel.REQUEST_RESPONSE)) {
            responseObject = trimmed(object);
        }
    }

    private static ObjectNode ok(int code) {
        ObjectNode status = JSON.createObjectNode();
        status.putObject("metadata");
        return status.put("code", code);
    }

    private static JsonNode parsed(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            return null; // refused for it; what was sent cannot be shown
        }
    }

    private JsonNode trimmed(JsonNode object) {
        if (decision.omitManagedFields() && object instanceof ObjectNode node) {
            removeManaged(node);
            node.path("items").forEach(item -> {
                if (item instanceof ObjectNode each) {
                    removeManaged(each);
                }
            });
        }
        return object;
    }

    private static void removeManaged(ObjectNode node) {
        if (node.path("metadata") instanceof ObjectNode meta) {
            meta.remove("managedFields");
        }
    }

    public void received() {
        write(AuditStage.REQUEST_RECEIVED);
    }

    /** The answer is complete, or cut off. Only the first end counts. */
    public synchronized void complete() {
        if (!ended) {
            ended = true;
            if (status == null) {
                status = ok(200).put("status", "Success").put("message", "Connection closed early");
                if (facts.lasts()) {
                    write(AuditStage.RESPONSE_STARTED);
                }
            }
            write(AuditStage.RESPONSE_COMPLETE);
        }
    }

    /** Nobody knows who asks. */
    public synchronized void unauthenticated(String why) {
        ended = true;
        status = ok(401).put("status", "Failure").put("message", why);
        write(AuditStage.RESPONSE_STARTED);
    }

    /** The server's own failure. */
    public synchronized void panicked(String why) {
        if (!ended) {
            ended = true;
            status = ok(500).put("status", "Failure").put("message", "APIServer panic'd: " + why);
            status.put("reason", "InternalError");
            write(AuditStage.PANIC);
        }
    }

    private synchronized void write(AuditStage stage) {
        if (!decision.omitted().contains(stage)) {
            log.write(event(stage));
        }
    }

    private ObjectNode event(AuditStage stage) {
        ObjectNode event = JSON.createObjectNode()
                .put("kind", "Event")
                .put("apiVersion", "audit.k8s.io/v1")
                .put("level", decision.level().text())
                .put("auditID", facts.auditId())
                .put("stage", stage.text())
                .put("requestURI", facts.uri())
                .put("verb", request.verb());
        event.set("user", user(request.user()));
        if (actingAs != null) {
            event.set("impersonatedUser", user(actingAs));
        }
        if (!constraint.isEmpty()) {
            event.putObject("authenticationMetadata").put("impersonationConstraint", constraint);
        }
        ArrayNode sources = JSON.createArrayNode();
        facts.sources().forEach(sources::add);
        event.set("sourceIPs", sources);
        put(event, "userAgent", facts.userAgent());
        if (request.resourceRequest()) {
            event.set("objectRef", reference());
        }
        if (status != null) {
            event.set("responseStatus", status);
        }
        if (requestObject != null) {
            event.set("requestObject", requestObject);
        }
        if (responseObject != null) {
            event.set("responseObject", responseObject);
        }
        event.put("requestReceivedTimestamp", MICROS.format(received));
        event.put("stageTimestamp", MICROS.format(stage == AuditStage.REQUEST_RECEIVED ? received : log.now()));
        if (!annotations.isEmpty()) {
            ObjectNode notes = event.putObject("annotations");
            annotations.forEach(notes::put);
        }
        return event;
    }

    private ObjectNode reference() {
        ObjectNode reference = JSON.createObjectNode();
        put(reference, "resource", request.resource());
        put(reference, "namespace", request.namespace().isEmpty() ? named.getNamespace() : request.namespace());
        put(reference, "name", request.name().isEmpty() ? named.getName() : request.name());
        put(reference, "uid", named.getUid());
        put(reference, "apiGroup", request.apiGroup());
        put(reference, "apiVersion", request.apiVersion());
        put(reference, "resourceVersion", named.getResourceVersion());
        put(reference, "subresource", request.subresource());
        return reference;
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "username", user.name());
        put(node, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            ArrayNode groups = node.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = node.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> {
                ArrayNode list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
        return node;
    }

    private static void put(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }
}
