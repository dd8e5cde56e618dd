package io.jollyboat.apiserver.cache;

/**
 * What must hold of the stored object for a write to happen; null means anything. An absent object has neither.
 *
 * @param uid of the object
 * @param resourceVersion of the object
 */
public record Preconditions(String uid, String resourceVersion) {
    public static final Preconditions NONE = new Preconditions(null, null);

    void check(StoredResource resource, String key, Entry entry) {
        String actualUid = entry == null ? "" : entry.uid();
        if (uid != null && !uid.equals(actualUid)) {
            throw StorageErrors.invalidObject(
                    resource,
                    key,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + actualUid);
        }
        String actualVersion = entry == null ? "" : Long.toString(entry.revision());
        if (resourceVersion != null && !resourceVersion.equals(actualVersion)) {
            throw StorageErrors.invalidObject(
                    resource,
                    key,
                    "Precondition failed: ResourceVersion in precondition: " + resourceVersion
                            + ", ResourceVersion in object meta: " + actualVersion);
        }
    }
}
