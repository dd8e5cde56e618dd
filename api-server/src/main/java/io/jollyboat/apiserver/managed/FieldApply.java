package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.managed.Managers.ManagerId;
import io.jollyboat.apiserver.managed.Managers.Owned;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.errors.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Lays an applied object over what is there, and takes away what its owner gave up. */
final class FieldApply {
    private final ObjectSchema schema;
    private final Message live;
    private final JsonNode liveTree;
    private final JsonNode applied;
    private final ManagerId owner;
    private final FieldFilter filter;

    /** @param applied of the schema's type, which was checked */
    FieldApply(ObjectSchema schema, Message live, JsonNode applied, ManagerId owner, FieldFilter filter) {
        this.schema = schema;
        this.live = live;
        this.liveTree = schema.tree(live);
        this.applied = applied;
        this.owner = owner;
        this.filter = filter;
    }

    /**
     * @param object null where nothing changed
     * @param conflicts where there are any, nothing else counts
     */
    record Outcome(Message object, Managers managers, Conflicts conflicts) {}

    Outcome run(Managers before, boolean force, Time time) {
        Managers managers = before.copy();
        FieldUpdates.reconcile(schema, managers);
        FieldType type = schema.type();
        JsonNode merged = TreeMerger.merge(type, liveTree, applied);
        Owned last = managers.get(owner);
        FieldSet set = filter.apply(TreeFields.of(type, applied));
        managers.put(
                owner,
                new Owned(
                        set,
                        schema.apiVersion(),
                        last == null ? null : last.time(),
                        last == null ? null : last.written()));
        JsonNode result = last == null || last.fields().isEmpty() ? merged : pruned(merged, managers, last);
        Message object = message(result);
        Comparison changes = TreeComparer.compare(type, liveTree, result).filtered(filter);
        Map<ManagerId, FieldSet> conflicts =
                FieldUpdates.takeAway(schema, live, object, changes, managers, owner, filter, force);
        if (!force && !conflicts.isEmpty()) {
            return new Outcome(null, managers, new Conflicts(conflicts));
        }
        boolean same = TreeComparer.same(liveTree, result);
        strip(managers, same ? null : time);
        return new Outcome(same ? null : object, managers, new Conflicts(Map.of()));
    }

    /** @param time null leaves it as it was */
    private void strip(Managers managers, Time time) {
        Owned owned = managers.get(owner);
        if (owned == null) {
            return;
        }
        FieldSet fields = owned.fields().difference(FieldUpdates.SYSTEM);
        if (fields.isEmpty()) {
            managers.remove(owner);
        } else {
            managers.put(
                    owner, new Owned(fields, owned.apiVersion(), time == null ? owned.time() : time, owned.written()));
        }
    }

    private Message message(JsonNode tree) {
        try {
            return schema.message(tree);
        } catch (DecodeException e) {
            throw ApiException.of(
                    500,
                    "",
                    "failed to convert new object (" + FieldTracking.shown(schema, applied)
                            + ") to proper version: unable to convert unstructured object to "
                            + FieldTracking.shownType(applied) + ": " + cause(e));
        }
    }

    private static String cause(DecodeException e) {
        boolean base64 = e.getMessage().startsWith("illegal base64 data");
        return base64 ? "error decoding from json: " + e.getMessage() : e.getMessage();
    }

    // What the owner applied last time and does not now goes, unless somebody else owns it.

    private JsonNode pruned(JsonNode merged, Managers managers, Owned last) {
        ObjectSchema version = schema.inVersion(last.apiVersion());
        if (version == null) {
            return merged;
        }
        FieldType type = version.type();
        JsonNode whole = convert(merged, schema, version);
        JsonNode rest = TreePruner.without(type, whole, last.fields().withDeclaredFields(type));
        rest = withOwned(whole, rest, version, managers);
        rest = withDangling(whole, rest, type, last.fields());
        return convert(rest, version, schema);
    }

    private JsonNode withOwned(JsonNode whole, JsonNode rest, ObjectSchema version, Managers managers) {
        Map<String, FieldSet> byVersion = new LinkedHashMap<>();
        // First what is owned in the version at hand: other versions may need it to be convertible.
        byVersion.put(version.apiVersion(), FieldSet.EMPTY);
        for (Owned owned : managers.all().values()) {
            byVersion.merge(owned.apiVersion(), owned.fields(), FieldSet::union);
        }
        JsonNode result = rest;
        for (Map.Entry<String, FieldSet> owned : byVersion.entrySet()) {
            ObjectSchema other = schema.inVersion(owned.getKey());
            if (other != null) {
                JsonNode all = convert(whole, version, other);
                result = convert(
                        kept(all, convert(result, version, other), other.type(), owned.getValue()), other, version);
            }
        }
        return result;
    }

    private static JsonNode kept(JsonNode whole, JsonNode rest, FieldType type, FieldSet owned) {
        FieldSet all = TreeFields.of(type, whole).withDeclaredFields(type);
        FieldSet left = TreeFields.of(type, rest).withDeclaredFields(type);
        return TreePruner.without(type, whole, all.difference(left.union(owned.withDeclaredFields(type))));
    }

    /** What nobody owns stays, unless its owner of last time gave it up. */
    private static JsonNode withDangling(JsonNode whole, JsonNode rest, FieldType type, FieldSet last) {
        FieldSet all = TreeFields.of(type, whole).withDeclaredFields(type);
        FieldSet left = TreeFields.of(type, rest).withDeclaredFields(type);
        FieldSet gone = all.difference(left).intersection(last.withDeclaredFields(type));
        return TreePruner.without(type, whole, gone);
    }

    private static JsonNode convert(JsonNode tree, ObjectSchema from, ObjectSchema to) {
        return from == to ? tree : to.tree(from.converted(from.message(tree), to));
    }

    /**
     * What client-side apply set last, and is still so: where kubectl goes over to server-side apply, no conflict.
     *
     * @param lastApplied as the annotation has it
     */
    FieldSet ofClientSideApply(JsonNode lastApplied) {
        FieldType type = schema.type();
        if (!schema.apiVersion().equals(lastApplied.path("apiVersion").asString(""))) {
            return FieldSet.EMPTY;
        }
        try {
            TreeValidator.check(type, liveTree, false);
            TreeValidator.check(type, lastApplied, false);
        } catch (TypeMismatch e) {
            return FieldSet.EMPTY;
        }
        Comparison changes = TreeComparer.compare(type, lastApplied, liveTree);
        FieldSet fields = TreeFields.of(type, lastApplied);
        for (FieldSet changed : List.of(changes.modified(), changes.added(), changes.removed())) {
            fields = fields.difference(changed);
        }
        return fields;
    }
}
