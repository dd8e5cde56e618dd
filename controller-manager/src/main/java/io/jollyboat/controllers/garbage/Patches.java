package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import java.util.List;
import java.util.stream.Collectors;

/** The patches that the collector sends. Uids and names need no escaping. */
final class Patches {
    private Patches() {}

    /** Strategic merge: takes owners out of the object of that uid. */
    static String removeOwners(String uid, List<String> ownerUids) {
        String deletions = ownerUids.stream()
                .map(owner -> "{\"$patch\":\"delete\",\"uid\":\"" + owner + "\"}")
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"ownerReferences\":[" + deletions + "],\"uid\":\"" + uid + "\"}}";
    }

    /** Strategic merge: the references no longer hold up their owners' deletion. */
    static String unblockOwners(String uid, List<OwnerReference> owners) {
        String changes = owners.stream()
                .filter(OwnerReference::getBlockOwnerDeletion)
                .map(o -> "{\"apiVersion\":\"" + o.getApiVersion() + "\",\"kind\":\"" + o.getKind() + "\",\"name\":\""
                        + o.getName() + "\",\"uid\":\"" + o.getUid() + "\""
                        + (o.hasController() ? ",\"controller\":" + o.getController() : "")
                        + ",\"blockOwnerDeletion\":false}")
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"ownerReferences\":[" + changes + "],\"uid\":\"" + uid + "\"}}";
    }

    /** Merge: the finalizers but one, if nothing changed meanwhile. */
    static String removeFinalizer(ObjectMeta meta, String finalizer) {
        String rest = meta.getFinalizersList().stream()
                .filter(f -> !f.equals(finalizer))
                .map(f -> "\"" + f + "\"")
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"resourceVersion\":\"" + meta.getResourceVersion() + "\",\"finalizers\":[" + rest
                + "]}}";
    }
}
