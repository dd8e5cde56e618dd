package io.jollyboat.controllers.objects;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;

/** Owner references: who controls an object. */
public final class Owners {
    private Owners() {}

    public static Optional<OwnerReference> controllerOf(ObjectMeta meta) {
        for (OwnerReference reference : meta.getOwnerReferencesList()) {
            if (reference.getController()) {
                return Optional.of(reference);
            }
        }
        return Optional.empty();
    }

    public static boolean controlledBy(ObjectMeta object, ObjectMeta owner) {
        return controllerOf(object)
                .map(reference -> reference.getUid().equals(owner.getUid()))
                .orElse(false);
    }

    /** A reference that makes the owner the object's controller. */
    public static OwnerReference controllerReference(ResourceType<?> ownerType, ObjectMeta owner) {
        return OwnerReference.newBuilder()
                .setApiVersion(ownerType.apiVersion())
                .setKind(ownerType.kind())
                .setName(owner.getName())
                .setUid(owner.getUid())
                .setController(true)
                .setBlockOwnerDeletion(true)
                .build();
    }

    /** A strategic merge patch that makes the owner the controller of the object of that uid, or fails. */
    public static String adoptPatch(ResourceType<?> ownerType, ObjectMeta owner, String objectUid) {
        return "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"" + ownerType.apiVersion() + "\",\"kind\":\""
                + ownerType.kind() + "\",\"name\":\"" + owner.getName() + "\",\"uid\":\"" + owner.getUid()
                + "\",\"controller\":true,\"blockOwnerDeletion\":true}],\"uid\":\"" + objectUid + "\"}}";
    }

    /** A strategic merge patch that removes the owner from the object of that uid. */
    public static String releasePatch(ObjectMeta owner, String objectUid) {
        return "{\"metadata\":{\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\"" + owner.getUid()
                + "\"}],\"uid\":\"" + objectUid + "\"}}";
    }
}
