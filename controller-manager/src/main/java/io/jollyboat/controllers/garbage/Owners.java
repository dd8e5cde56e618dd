package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An object's owners by what they are now.
 *
 * @param solid there, and not waiting for this object
 * @param dangling not there
 * @param waiting being deleted in the foreground
 */
record Owners(List<OwnerReference> solid, List<OwnerReference> dangling, List<OwnerReference> waiting) {
    Owners() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Those to be taken out when the object stays. */
    List<String> removableUids() {
        return Stream.concat(dangling.stream(), waiting.stream())
                .map(OwnerReference::getUid)
                .toList();
    }
}
