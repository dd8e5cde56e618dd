package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.managed.Managers.ManagerId;
import io.jollyboat.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The managed fields of an object after a write, and the object after an apply. Pure; thread-safe. */
public final class FieldTracking {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MAX_ANNOTATION_BYTES = 256 * 1024;
    private static final String KUBECTL = "kubectl";
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FieldTracking() {}

    /**
     * A write.
     *
     * @param manager who writes
     * @param subresource of the write; empty for the object itself
     */
    public record Write(ObjectSchema schema, String subresource, String manager, Time time) {
        FieldFilter filter() {
            return schema.filter(subresource);
        }

        ManagerId updater() {
            return ManagerId.update(manager, schema.apiVersion(), subresource);
        }

        ManagerId applier() {
            return ManagerId.apply(manager, subresource);
        }
    }

    /**
     * The entries of a new object.
     *
     * @param given what the client sent as the object's entries
     */
    public static List<ManagedFieldsEntry> created(Write write, Message object, List<ManagedFieldsEntry> given) {
        Managers managers = isReset(given) ? new Managers() : decodeOrNone(given);
        ObjectSchema schema = write.schema;
        Message empty = schema.empty();
        try {
            Comparison changes = schema.compare(empty, object);
            FieldUpdates.update(schema, empty, object, changes, managers, write.updater(), write.filter(), write.time);
        } catch (IllegalArgumentException e) {
            // An object with elements that nothing tells apart is not tracked.
            return List.of();
        }
        return managers.encode();
    }

    /**
     * The entries of an object after an update or patch.
     *
     * @param old what was there, with its entries
     * @param given what came with the new object as its entries
     */
    public static List<ManagedFieldsEntry> updated(
            Write write, Message old, List<ManagedFieldsEntry> before, Message now, List<ManagedFieldsEntry> given) {
        try {
            return tracked(write, old, before, now, given);
        } catch (IllegalArgumentException e) {
            return List.of(); // as in created
        }
    }

    private static List<ManagedFieldsEntry> tracked(
            Write write, Message old, List<ManagedFieldsEntry> before, Message now, List<ManagedFieldsEntry> given) {
        boolean main = write.subresource.isEmpty();
        if (main && isReset(given)) {
            return List.of();
        }
        boolean own = !main || given.isEmpty() || given.equals(before);
        Managers managers = own ? null : decodeOrNull(given);
        if (managers == null || managers.isEmpty()) {
            if (before.isEmpty()) {
                return List.of();
            }
            Comparison changes = write.schema.compare(old, now);
            if (changes.isSame() && !write.schema.mayHaveChanged()) {
                return before;
            }
            managers = decodeOrNone(before);
            return updated(write, old, now, managers, changes);
        }
        return updated(write, old, now, managers, write.schema.compare(old, now));
    }

    private static List<ManagedFieldsEntry> updated(
            Write write, Message old, Message now, Managers managers, Comparison changes) {
        if (managers.isEmpty()) {
            return List.of();
        }
        FieldUpdates.update(write.schema, old, now, changes, managers, write.updater(), write.filter(), write.time);
        return managers.encode();
    }

    /** One empty entry ends the tracking. */
    private static boolean isReset(List<ManagedFieldsEntry> entries) {
        return entries.size() == 1 && entries.getFirst().equals(ManagedFieldsEntry.getDefaultInstance());
    }

    private static Managers decodeOrNull(List<ManagedFieldsEntry> entries) {
        try {
            return Managers.decode(entries);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Managers decodeOrNone(List<ManagedFieldsEntry> entries) {
        Managers managers = decodeOrNull(entries);
        return managers == null ? new Managers() : managers;
    }

    /**
     * Null for valid entries, else what is wrong.
     */
    public static String fault(List<ManagedFieldsEntry> entries) {
        try {
            Managers.decode(entries);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether entries are the same but for their times, and at least one time differs. */
    public static boolean differInTime(List<ManagedFieldsEntry> a, List<ManagedFieldsEntry> b) {
        if (a.size() != b.size() || a.isEmpty()) {
            return false;
        }
        boolean times = false;
        for (int i = 0; i < a.size(); i++) {
            ManagedFieldsEntry left = a.get(i);
            ManagedFieldsEntry right = b.get(i);
            if (left.equals(right)) {
                continue;
            }
            times = true;
            if (!left.toBuilder()
                    .clearTime()
                    .build()
                    .equals(right.toBuilder().clearTime().build())) {
                return false;
            }
        }
        return times;
    }

    /** @param object in the schema's version, its entries not yet among its metadata */
    public record Applied(Message object, List<ManagedFieldsEntry> entries) {}

    /**
     * The object after an apply.
     *
     * @param live what is there; null for nothing
     * @param before its entries
     * @param applied what was sent
     * @throws ApiException 409 for what others own and the applied object would change, unless forced
     */
    public static Applied applied(
            Write write, Message live, List<ManagedFieldsEntry> before, JsonNode applied, boolean force) {
        checkApplied(write.schema, applied);
        try {
            return merged(write, live, before, applied, force);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(
                    500,
                    "",
                    "failed to create typed live object (" + shown(write.schema, applied) + "): " + e.getMessage());
        }
    }

    private static Applied merged(
            Write write, Message live, List<ManagedFieldsEntry> before, JsonNode applied, boolean force) {
        ObjectSchema schema = write.schema;
        Managers managers;
        try {
            managers = Managers.decode(before);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(500, "", "failed to decode managed fields: " + e.getMessage());
        }
        Message there = live == null ? schema.empty() : live;
        if (managers.isEmpty() && live != null) {
            ManagerId first = ManagerId.update(BEFORE_FIRST_APPLY, schema.apiVersion(), write.subresource);
            Comparison all = schema.compare(schema.empty(), there);
            FieldUpdates.update(schema, schema.empty(), there, all, managers, first, write.filter(), write.time);
        }
        FieldApply apply = new FieldApply(schema, there, applied, write.applier(), write.filter());
        FieldApply.Outcome outcome = apply.run(managers, force, write.time);
        if (!outcome.conflicts().isEmpty()) {
            Conflicts conflicts = outcome.conflicts();
            String lastApplied = write.manager.equals(KUBECTL) ? annotation(schema.tree(there)) : "";
            if (!lastApplied.isEmpty()) {
                conflicts = conflicts.without(apply.ofClientSideApply(json(lastApplied)));
            }
            if (!conflicts.isEmpty()) {
                throw conflicts.failure();
            }
            outcome = apply.run(managers, true, write.time);
        }
        Message object = outcome.object() == null ? there : outcome.object();
        if (write.manager.equals(KUBECTL)) {
            object = withLastApplied(schema, object, applied);
        }
        return new Applied(object, outcome.managers().encode());
    }

    private static void checkApplied(ObjectSchema schema, JsonNode applied) {
        String version = applied.path("apiVersion").asString("");
        String kind = applied.path("kind").asString("");
        if (!version.equals(schema.apiVersion()) || !kind.equals(schema.kind())) {
            throw ApiException.badRequest("invalid object type: " + shownType(applied));
        }
        if (applied.path("metadata").path("managedFields").isArray()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        try {
            TreeValidator.check(schema.type(), applied, false);
        } catch (TypeMismatch e) {
            throw ApiException.of(
                    500, "", "failed to create typed patch object (" + shown(schema, applied) + "): " + e.getMessage());
        }
    }

    /** Namespace, name and type, as errors show them. */
    static String shown(ObjectSchema schema, JsonNode object) {
        JsonNode meta = object.path("metadata");
        return meta.path("namespace").asString("") + "/" + meta.path("name").asString("") + "; " + shownType(object);
    }

    static String shownType(JsonNode object) {
        String version = object.path("apiVersion").asString("");
        String kind = object.path("kind").asString("");
        int slash = version.indexOf('/');
        if (version.indexOf('/', slash + 1) >= 0 && slash >= 0) {
            return "/, Kind=";
        }
        return (slash < 0 ? "/" + version : version) + ", Kind=" + kind;
    }

    private static String annotation(JsonNode object) {
        return object.path("metadata").path("annotations").path(LAST_APPLIED).asString("");
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            return MAPPER.createObjectNode();
        }
    }

    /** Where client-side apply left its note, kubectl's applies keep it true. */
    private static Message withLastApplied(ObjectSchema schema, Message object, JsonNode applied) {
        JsonNode tree = schema.tree(object);
        if (annotation(tree).isEmpty()) {
            return object;
        }
        ObjectNode note = (ObjectNode) applied.deepCopy();
        if (note.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(LAST_APPLIED);
        }
        ObjectNode copy = (ObjectNode) tree.deepCopy();
        ObjectNode annotations = (ObjectNode) copy.path("metadata").path("annotations");
        // As the decoder's own annotation ends: with a line break.
        annotations.put(LAST_APPLIED, sorted(note) + "\n");
        int size = 0;
        for (var entry : annotations.properties()) {
            size += entry.getKey().length() + entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > MAX_ANNOTATION_BYTES) {
            annotations.remove(LAST_APPLIED);
        }
        return schema.message(copy);
    }

    private static String sorted(JsonNode tree) {
        return MAPPER.rebuild()
                .enable(tools.jackson.databind.cfg.JsonNodeFeature.WRITE_PROPERTIES_SORTED)
                .build()
                .writeValueAsString(tree);
    }
}
