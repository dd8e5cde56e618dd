package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.OwnerReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An object in the graph. Belongs to the {@link Graph} and its lock. */
final class Node {
    Identity identity;
    /** Small in most cases; null stands for none, as most objects have no dependents. */
    private Set<Node> dependents;

    List<OwnerReference> owners;
    /** Seen itself, not only in another's reference. */
    boolean observed;

    boolean beingDeleted;
    /** Being deleted in the foreground: waits for its dependents. */
    boolean deletingDependents;

    Node(Identity identity, List<OwnerReference> owners, boolean observed) {
        this.identity = identity;
        this.owners = owners;
        this.observed = observed;
    }

    Set<Node> dependents() {
        return dependents == null ? Set.of() : dependents;
    }

    void addDependent(Node node) {
        if (dependents == null) {
            dependents = new LinkedHashSet<>(4);
        }
        dependents.add(node);
    }

    void removeDependent(Node node) {
        if (dependents != null) {
            dependents.remove(node);
            if (dependents.isEmpty()) {
                dependents = null;
            }
        }
    }

    /** Whether the node holds up the foreground deletion of the owner. */
    boolean blocks(String ownerUid) {
        return owners.stream().anyMatch(o -> o.getUid().equals(ownerUid) && o.getBlockOwnerDeletion());
    }
}
