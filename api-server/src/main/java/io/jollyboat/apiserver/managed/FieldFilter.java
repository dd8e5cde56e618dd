package io.jollyboat.apiserver.managed;

/** Which fields a resource's main object or subresource can set; what it resets belongs to no one who writes there. */
interface FieldFilter {
    FieldFilter NONE = set -> set;

    FieldSet apply(FieldSet set);

    static FieldFilter without(FieldSet paths) {
        return set -> set.isEmpty() ? set : set.recursiveDifference(paths);
    }
}
