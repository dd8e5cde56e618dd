package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who owns which fields of an object. Mutable; of one thread. */
final class Managers {
    private static final Comparator<ManagedFieldsEntry> ORDER = Comparator.comparing(ManagedFieldsEntry::getOperation)
            .thenComparingLong(entry -> entry.getTime().getSeconds())
            .thenComparing(ManagedFieldsEntry::getManager, Scalars::compareText)
            .thenComparing(ManagedFieldsEntry::getApiVersion)
            .thenComparing(ManagedFieldsEntry::getSubresource);

    /** @param apiVersion of updates; empty for what applies, which has one entry whatever its version */
    record ManagerId(String manager, boolean applies, String apiVersion, String subresource)
            implements Comparable<ManagerId> {
        private static final Comparator<ManagerId> ORDER = Comparator.comparing(
                        ManagerId::manager, Scalars::compareText)
                .thenComparing(ManagerId::applies, Comparator.reverseOrder())
                .thenComparing(ManagerId::apiVersion)
                .thenComparing(ManagerId::subresource);

        static ManagerId update(String manager, String apiVersion, String subresource) {
            return new ManagerId(named(manager), false, apiVersion, subresource);
        }

        static ManagerId apply(String manager, String subresource) {
            return new ManagerId(named(manager), true, "", subresource);
        }

        private static String named(String manager) {
            return manager.isEmpty() ? "unknown" : manager;
        }

        @Override
        public int compareTo(ManagerId other) {
            return ORDER.compare(this, other);
        }

        /** As conflicts name it. */
        @Override
        public String toString() {
            String name = Scalars.shown(manager);
            if (!subresource.isEmpty()) {
                name += " with subresource " + Scalars.shown(subresource);
            }
            return applies ? name : name + " using " + apiVersion;
        }
    }

    /**
     * @param time null for none
     * @param written the entry that this was read from; null for what is new
     */
    record Owned(FieldSet fields, String apiVersion, Time time, ManagedFieldsEntry written) {
        Owned with(FieldSet other) {
            return new Owned(other, apiVersion, time, written);
        }
    }

    private final Map<ManagerId, Owned> all = new LinkedHashMap<>();

    /**
     * @throws IllegalArgumentException for an entry that is none
     */
    static Managers decode(List<ManagedFieldsEntry> entries) {
        Managers managers = new Managers();
        for (int i = 0; i < entries.size(); i++) {
            ManagedFieldsEntry entry = entries.get(i);
            boolean applies = entry.getOperation().equals("Apply");
            if (!applies && !entry.getOperation().equals("Update")) {
                throw new IllegalArgumentException("operation must be `Apply` or `Update`");
            }
            if (entry.getApiVersion().isEmpty()) {
                throw new IllegalArgumentException("apiVersion must not be empty");
            }
            if (entry.getFieldsType().isEmpty()) {
                throw new IllegalArgumentException("missing fieldsType in managed fields entry " + i);
            }
            if (!entry.getFieldsType().equals("FieldsV1")) {
                throw new IllegalArgumentException(
                        "invalid fieldsType " + Scalars.shown(entry.getFieldsType()) + " in managed fields entry " + i);
            }
            ByteString raw = entry.getFieldsV1().getRaw();
            Owned owned = new Owned(
                    raw.isEmpty() ? FieldSet.EMPTY : FieldsV1.parse(raw),
                    entry.getApiVersion(),
                    entry.hasTime() ? entry.getTime() : null,
                    entry);
            managers.all.put(
                    new ManagerId(
                            entry.getManager(), applies, applies ? "" : entry.getApiVersion(), entry.getSubresource()),
                    owned);
        }
        return managers;
    }

    /** The entries in upstream's order; those that did not change are the ones that were read. */
    List<ManagedFieldsEntry> encode() {
        List<ManagedFieldsEntry> entries = new ArrayList<>(all.size());
        all.forEach((id, owned) -> entries.add(encode(id, owned)));
        if (entries.size() > 1) {
            entries.sort(ORDER);
        }
        return entries;
    }

    private static ManagedFieldsEntry encode(ManagerId id, Owned owned) {
        ManagedFieldsEntry written = owned.written;
        boolean sameFields = written != null
                && !written.getFieldsV1().getRaw().isEmpty()
                && owned.fields.equals(FieldsV1.parse(written.getFieldsV1().getRaw()));
        if (sameFields
                && written.getApiVersion().equals(owned.apiVersion)
                && (owned.time == null ? !written.hasTime() : owned.time.equals(written.getTime()))) {
            return written;
        }
        ManagedFieldsEntry.Builder entry = ManagedFieldsEntry.newBuilder()
                .setOperation(id.applies ? "Apply" : "Update")
                .setApiVersion(owned.apiVersion)
                .setFieldsType("FieldsV1")
                .setManager(id.manager);
        if (owned.time != null) {
            entry.setTime(owned.time);
        }
        if (!id.subresource.isEmpty()) {
            entry.setSubresource(id.subresource);
        }
        if (sameFields) {
            return entry.setFieldsV1(written.getFieldsV1()).build();
        }
        var fields = io.jollyboat.api.meta.v1.FieldsV1.newBuilder().setRaw(FieldsV1.write(owned.fields));
        return entry.setFieldsV1(fields).build();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Map<ManagerId, Owned> all() {
        return all;
    }

    Owned get(ManagerId id) {
        return all.get(id);
    }

    void put(ManagerId id, Owned owned) {
        all.put(id, owned);
    }

    void remove(ManagerId id) {
        all.remove(id);
    }

    Managers copy() {
        Managers copy = new Managers();
        copy.all.putAll(all);
        return copy;
    }
}
