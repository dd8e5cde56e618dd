package io.jollyboat.apiserver.managed;

import java.util.ArrayList;
import java.util.List;

/** Fields that were written when a list or map had parts, which is one value by now: they become that one field. */
final class SchemaChanges {
    private SchemaChanges() {}

    static FieldSet reconciled(FieldSet fields, FieldType type) {
        List<List<Step>> wholes = new ArrayList<>();
        find(fields, type, new ArrayList<>(), false, wholes);
        if (wholes.isEmpty()) {
            return fields;
        }
        FieldSet roots = new FieldSet();
        for (List<Step> path : wholes) {
            FieldSet at = roots;
            for (int i = 0; i < path.size() - 1; i++) {
                at = at.child(path.get(i));
            }
            at.add(path.getLast());
        }
        FieldSet built = roots.finished();
        return fields.recursiveDifference(built).union(built);
    }

    /** @param leaf the place is a member with nothing below it */
    private static void find(FieldSet below, FieldType type, List<Step> path, boolean leaf, List<List<Step>> wholes) {
        if (type == null || type.isDeduced()) {
            return;
        }
        boolean whole = type.map() != null
                ? type.map().atomic()
                : type.list() != null && type.scalar() == null && !type.list().associative();
        if (whole) {
            if (!leaf && below != null && !path.isEmpty()) {
                wholes.add(List.copyOf(path));
            }
            return;
        }
        if (below == null || (type.map() == null && type.scalar() != null)) {
            return;
        }
        for (int i = 0; i < below.size(); i++) {
            FieldSet child = below.childAt(i);
            path.add(below.step(i));
            find(child, type.below(below.step(i)), path, below.isMember(i) && child == null, wholes);
            path.removeLast();
        }
    }
}
