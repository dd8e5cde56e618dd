package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.managed.Managers.ManagerId;
import io.jollyboat.apiserver.managed.Managers.Owned;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who owns what after an object changed. */
final class FieldUpdates {
    /** Updates beyond these are merged, the oldest first. */
    static final int MAX_UPDATERS = 10;

    private static final String OLD = "ancient-changes";
    /** What nobody owns. */
    static final FieldSet SYSTEM = FieldSet.of(
            FieldSet.ofPath("apiVersion"),
            FieldSet.ofPath("kind"),
            FieldSet.ofPath("metadata"),
            FieldSet.ofPath("metadata", "name"),
            FieldSet.ofPath("metadata", "namespace"),
            FieldSet.ofPath("metadata", "creationTimestamp"),
            FieldSet.ofPath("metadata", "selfLink"),
            FieldSet.ofPath("metadata", "uid"),
            FieldSet.ofPath("metadata", "clusterName"),
            FieldSet.ofPath("metadata", "generation"),
            FieldSet.ofPath("metadata", "managedFields"),
            FieldSet.ofPath("metadata", "resourceVersion"));

    private FieldUpdates() {}

    /**
     * What the writer changed becomes his, and nobody else's.
     *
     * @param managers before; changed to those after
     */
    static void update(
            ObjectSchema schema,
            Message old,
            Message now,
            Comparison changes,
            Managers managers,
            ManagerId writer,
            FieldFilter filter,
            Time time) {
        reconcile(schema, managers);
        Comparison filtered = changes.filtered(filter);
        takeAway(schema, old, now, filtered, managers, null, filter, true);
        FieldSet taken =
                filter.apply(filtered.modified().union(filtered.added())).difference(SYSTEM);
        if (!taken.isEmpty()) {
            Owned before = managers.get(writer);
            FieldSet fields = before == null ? taken : taken.union(before.fields());
            managers.put(
                    writer, new Owned(fields, schema.apiVersion(), time, before == null ? null : before.written()));
        }
        cap(managers);
    }

    /** Owners of a version that is not served any more lose what they had. */
    static void reconcile(ObjectSchema schema, Managers managers) {
        for (Map.Entry<ManagerId, Owned> entry : List.copyOf(managers.all().entrySet())) {
            Owned owned = entry.getValue();
            ObjectSchema version = schema.inVersion(owned.apiVersion());
            if (version == null) {
                managers.remove(entry.getKey());
            } else if (version.mayHaveChanged()) {
                managers.put(entry.getKey(), owned.with(SchemaChanges.reconciled(owned.fields(), version.type())));
            }
        }
    }

    /**
     * Takes from all others what was changed or removed.
     *
     * @param keeper who is left alone; null for nobody
     * @return by owner what was taken against his will; nothing is taken where there is any, unless forced
     */
    static Map<ManagerId, FieldSet> takeAway(
            ObjectSchema schema,
            Message old,
            Message now,
            Comparison changes,
            Managers managers,
            ManagerId keeper,
            FieldFilter filter,
            boolean force) {
        Map<String, Comparison> versions = new HashMap<>();
        versions.put(schema.apiVersion(), changes);
        Map<ManagerId, FieldSet> conflicts = new TreeMap<>();
        Map<ManagerId, FieldSet> removed = new HashMap<>();
        for (Map.Entry<ManagerId, Owned> entry : managers.all().entrySet()) {
            if (entry.getKey().equals(keeper)) {
                continue;
            }
            Owned owned = entry.getValue();
            Comparison compared = versions.computeIfAbsent(
                    owned.apiVersion(), version -> inVersion(schema, schema.inVersion(version), old, now, filter));
            if (compared.isSame()) {
                continue;
            }
            FieldSet conflict = owned.fields().intersection(compared.modified().union(compared.added()));
            if (!conflict.isEmpty()) {
                conflicts.put(entry.getKey(), conflict);
            }
            if (!compared.removed().isEmpty()) {
                removed.put(entry.getKey(), compared.removed());
            }
        }
        if (!force && !conflicts.isEmpty()) {
            return conflicts;
        }
        conflicts.forEach((id, fields) -> take(managers, id, fields));
        removed.forEach((id, fields) -> take(managers, id, fields));
        managers.all().values().removeIf(owned -> owned.fields().isEmpty());
        return conflicts;
    }

    private static Comparison inVersion(
            ObjectSchema schema, ObjectSchema version, Message old, Message now, FieldFilter filter) {
        try {
            // A new object is empty in any version.
            Message before = old.equals(schema.empty()) ? version.empty() : schema.converted(old, version);
            return version.compare(before, schema.converted(now, version)).filtered(filter);
        } catch (ApiException e) {
            // What the version cannot express keeps its owner.
            return Comparison.SAME;
        }
    }

    private static void take(Managers managers, ManagerId id, FieldSet fields) {
        Owned owned = managers.get(id);
        managers.put(id, owned.with(owned.fields().difference(fields)));
    }

    /** Merges the oldest updates, by version, until there are no more than the limit. */
    private static void cap(Managers managers) {
        if (managers.all().size() <= MAX_UPDATERS) {
            return;
        }
        List<ManagerId> updaters = new ArrayList<>(
                managers.all().keySet().stream().filter(id -> !id.applies()).toList());
        updaters.sort(Comparator.<ManagerId>comparingLong(id -> seconds(managers.get(id)))
                .thenComparing(id -> id));
        int left = updaters.size();
        Map<String, ManagerId> first = new HashMap<>();
        for (ManagerId id : updaters) {
            if (left <= MAX_UPDATERS) {
                return;
            }
            Owned owned = managers.get(id);
            ManagerId known = first.putIfAbsent(owned.apiVersion(), id);
            if (known == null) {
                continue;
            }
            ManagerId bucket = ManagerId.update(OLD, owned.apiVersion(), "");
            if (managers.get(bucket) == null) {
                Owned oldest = managers.get(known);
                managers.remove(known);
                managers.put(bucket, oldest);
            }
            FieldSet both = owned.fields().union(managers.get(bucket).fields());
            managers.remove(id);
            managers.put(bucket, new Owned(both, owned.apiVersion(), owned.time(), null));
            left--;
        }
    }

    private static long seconds(Owned owned) {
        return owned.time() == null ? 0 : owned.time().getSeconds();
    }
}
