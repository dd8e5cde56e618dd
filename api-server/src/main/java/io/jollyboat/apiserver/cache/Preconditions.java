package io.jollyboat.apiserver.cache;

/**
 * What must hold of the stored object for a write to happen; null means anything.
 *
 * @param uid of the object
 * @param resourceVersion of the object
 */
public record Preconditions(String uid, String resourceVersion) {
    public static final Preconditions NONE = new Preconditions(null, null);
}
