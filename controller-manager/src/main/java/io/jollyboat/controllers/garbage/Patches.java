package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.codec.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
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

    /** Merge, for kinds without merge keys: the references that stay, if nothing changed meanwhile. */
    static String keepOwners(ObjectMeta meta, Collection<String> removed) {
        return owners(
                meta,
                meta.getOwnerReferencesList().stream()
                        .filter(owner -> !removed.contains(owner.getUid()))
                        .toList());
    }

    /** Merge, for kinds without merge keys: no reference holds up its owner's deletion any more. */
    static String keepUnblocking(ObjectMeta meta) {
        return owners(
                meta,
                meta.getOwnerReferencesList().stream()
                        .map(owner -> owner.getBlockOwnerDeletion()
                                ? owner.toBuilder().setBlockOwnerDeletion(false).build()
                                : owner)
                        .toList());
    }

    private static String owners(ObjectMeta meta, List<OwnerReference> owners) {
        String rest = owners.stream()
                .map(owner -> new String(JsonCodec.encode(owner, null, null), StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"resourceVersion\":\"" + meta.getResourceVersion() + "\",\"ownerReferences\":[" + rest
                + "]}}";
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
