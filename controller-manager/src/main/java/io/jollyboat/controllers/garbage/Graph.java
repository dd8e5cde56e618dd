package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Who owns whom, by uid. References may name owners that are not (yet) seen, or name them wrongly: such owners are
 * virtual nodes, until they are observed or found absent. Thread-safe; calls nobody but the sink, under its lock.
 */
final class Graph {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";
    private static final int ABSENT_LIMIT = 500;

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<Identity, Boolean> absent = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Identity, Boolean> eldest) {
            return size() > ABSENT_LIMIT;
        }
    };
    private final Consumer<Work> sink;

    Graph(Consumer<Work> sink) {
        this.sink = sink;
    }

    /** What the graph asks for; looked at later, by whoever takes it. */
    sealed interface Work {
        String uid();

        /** Delete the object if it should go, or help its deletion on. */
        record AttemptToDelete(String uid) implements Work {}

        /** Take the object out of its dependents' references. */
        record AttemptToOrphan(String uid) implements Work {}

        /** A reference to an owner of another namespace: an Event is due. */
        record InvalidOwner(String uid, OwnerReference reference) implements Work {}
    }

    /** A node as it was at one moment. */
    record View(
            Identity identity,
            boolean observed,
            boolean beingDeleted,
            boolean deletingDependents,
            List<OwnerReference> owners,
            List<View> dependents) {

        boolean blocks(String ownerUid) {
            return owners.stream().anyMatch(o -> o.getUid().equals(ownerUid) && o.getBlockOwnerDeletion());
        }
    }

    /** The node with its dependents, theirs left out. */
    synchronized Optional<View> view(String uid) {
        Node node = nodes.get(uid);
        return node == null
                ? Optional.empty()
                : Optional.of(view(
                        node,
                        node.dependents().stream()
                                .map(dependent -> view(dependent, List.of()))
                                .toList()));
    }

    private static View view(Node node, List<View> dependents) {
        return new View(
                node.identity, node.observed, node.beingDeleted, node.deletingDependents, node.owners, dependents);
    }

    synchronized int size() {
        return nodes.size();
    }

    /** Known not to exist; saves asking again for each of many dependents. */
    synchronized boolean isAbsent(Identity identity) {
        return absent.containsKey(identity);
    }

    synchronized void markAbsent(Identity identity) {
        absent.put(identity, Boolean.TRUE);
    }

    /** An object changed: created when {@code before} is null, deleted when {@code after} is null. */
    synchronized void changed(ResourceType<?> type, ObjectMeta before, ObjectMeta after) {
        if (before != null && after != null && !before.getUid().equals(after.getUid())) {
            // Deleted and made anew while nobody looked.
            observedDeletion(Identity.of(type, before));
            put(type, null, after);
        } else if (after == null) {
            observedDeletion(Identity.of(type, before));
        } else {
            put(type, before, after);
        }
    }

    /** Nobody can say any more whether the object is there: its dependents stay. */
    synchronized void outOfSight(ResourceType<?> type, ObjectMeta last) {
        Node node = nodes.get(last.getUid());
        if (node == null || !node.observed || !node.identity.equals(Identity.of(type, last))) {
            return;
        }
        leaveOwners(node);
        node.owners = List.of();
        node.observed = false;
        node.beingDeleted = false;
        node.deletingDependents = false;
        if (node.dependents().isEmpty()) {
            nodes.remove(last.getUid());
        }
    }

    /** The kind is served from now on: whoever is known from references only can be asked for. */
    synchronized void inSight(ResourceType<?> type) {
        for (Node node : nodes.values()) {
            if (!node.observed && node.identity.isOf(type)) {
                attemptToDelete(node);
            }
        }
    }

    private void leaveOwners(Node node) {
        for (OwnerReference reference : node.owners) {
            Node owner = nodes.get(reference.getUid());
            if (owner != null) {
                owner.removeDependent(node);
                if (owner.deletingDependents) {
                    attemptToDelete(owner);
                }
            }
        }
    }

    private void put(ResourceType<?> type, ObjectMeta before, ObjectMeta after) {
        Identity identity = Identity.of(type, after);
        Node node = nodes.get(identity.uid());
        if (node == null) {
            node = new Node(identity, after.getOwnerReferencesList(), true);
            nodes.put(identity.uid(), node);
            addToOwners(node, node.owners);
        } else {
            if (!node.observed) {
                becomeObserved(node, identity);
            }
            updateOwners(node, after.getOwnerReferencesList());
        }
        node.beingDeleted |= after.hasDeletionTimestamp();
        if (startsWith(before, after, ORPHAN)) {
            sink.accept(new Work.AttemptToOrphan(identity.uid()));
        } else if (startsWith(before, after, FOREGROUND)) {
            node.deletingDependents = true;
            node.dependents().forEach(this::attemptToDelete);
            attemptToDelete(node);
        }
    }

    private void becomeObserved(Node node, Identity identity) {
        if (!identity.equals(node.identity)) {
            // What its dependents say of it may be wrong: each is to be looked at.
            for (Node dependent : Dependents.split(node, identity).mismatching()) {
                if (!identity.namespace().isEmpty()
                        && !dependent.identity.namespace().equals(identity.namespace())) {
                    reportInvalidOwner(dependent, identity.uid());
                }
                attemptToDelete(dependent);
            }
            node.identity = identity;
        }
        node.observed = true;
    }

    private void updateOwners(Node node, List<OwnerReference> after) {
        List<OwnerReference> before = node.owners;
        if (before.equals(after)) {
            return;
        }
        Map<String, OwnerReference> old = byUid(before);
        Map<String, OwnerReference> current = byUid(after);
        node.owners = after;
        old.forEach((uid, reference) -> {
            OwnerReference now = current.get(uid);
            Node owner = nodes.get(uid);
            if (owner == null) {
                return;
            }
            if (reference.getBlockOwnerDeletion() && (now == null || !now.getBlockOwnerDeletion())) {
                attemptToDelete(owner);
            }
            if (now == null) {
                owner.removeDependent(node);
            }
        });
        addToOwners(
                node, after.stream().filter(o -> !old.containsKey(o.getUid())).toList());
    }

    private void addToOwners(Node node, List<OwnerReference> owners) {
        boolean suspect = false;
        for (OwnerReference reference : owners) {
            Node owner = nodes.get(reference.getUid());
            if (owner == null) {
                owner = new Node(Identity.of(reference, node.identity.namespace()), List.of(), false);
                nodes.put(reference.getUid(), owner);
                owner.addDependent(node);
                attemptToDelete(owner); // is it there at all?
                continue;
            }
            owner.addDependent(node);
            suspect |= isSuspect(node, owner, reference);
        }
        if (suspect) {
            attemptToDelete(node);
        }
    }

    private boolean isSuspect(Node node, Node owner, OwnerReference reference) {
        String ownerNamespace = owner.identity.namespace();
        boolean sameNamespace = ownerNamespace.equals(node.identity.namespace());
        if (!ownerNamespace.isEmpty() && !sameNamespace) {
            if (owner.observed) {
                reportInvalidOwner(node, reference.getUid());
            }
            return true;
        }
        return !owner.identity.matches(reference) || (!sameNamespace && !owner.observed);
    }

    private void reportInvalidOwner(Node node, String ownerUid) {
        node.owners.stream()
                .filter(o -> o.getUid().equals(ownerUid))
                .findFirst()
                .ifPresent(o -> sink.accept(new Work.InvalidOwner(node.identity.uid(), o)));
    }

    private void observedDeletion(Identity identity) {
        Node node = nodes.get(identity.uid());
        if (node != null) {
            remove(node, identity);
        }
    }

    /** The API server has no object of this identity. */
    synchronized void foundAbsent(Identity identity) {
        Node node = nodes.get(identity.uid());
        if (node == null) {
            return;
        }
        if (node.observed) {
            if (node.identity.equals(identity)) {
                remove(node, identity);
            } else {
                condemnMatching(node, identity);
            }
            return;
        }
        Dependents dependents = Dependents.split(node, identity);
        if (dependents.mismatching().isEmpty()) {
            remove(node, identity);
            return;
        }
        condemnMatching(node, identity);
        if (node.identity.equals(identity)) {
            // Others mean something else by this uid; look for that next.
            alternative(dependents.mismatching(), identity).ifPresent(next -> {
                node.identity = next;
                attemptToDelete(node);
            });
        }
    }

    private void condemnMatching(Node node, Identity identity) {
        List<Node> matching = Dependents.split(node, identity).matching();
        if (!matching.isEmpty()) {
            absent.put(identity, Boolean.TRUE);
            matching.forEach(this::attemptToDelete);
        }
    }

    private void remove(Node node, Identity identity) {
        nodes.remove(identity.uid());
        leaveOwners(node);
        if (!node.dependents().isEmpty()) {
            absent.put(identity, Boolean.TRUE);
            node.dependents().forEach(this::attemptToDelete);
        }
    }

    /** The next identity, in order, that dependents give the uid; the first when there is none after this one. */
    private static Optional<Identity> alternative(List<Node> dependents, Identity absent) {
        TreeSet<Identity> others = new TreeSet<>(Identity.ORDER);
        boolean clusterScoped = absent.namespace().isEmpty();
        for (Node dependent : dependents) {
            for (OwnerReference reference : dependent.owners) {
                if (reference.getUid().equals(absent.uid())) {
                    Identity other = Identity.of(reference, dependent.identity.namespace());
                    boolean sameKind = other.apiVersion().equals(absent.apiVersion())
                            && other.kind().equals(absent.kind());
                    others.add(clusterScoped && sameKind ? other.inNamespace("") : other);
                }
            }
        }
        others.remove(absent);
        if (others.isEmpty()) {
            return Optional.empty();
        }
        Identity following = others.higher(absent);
        return Optional.of(following == null ? others.first() : following);
    }

    private void attemptToDelete(Node node) {
        sink.accept(new Work.AttemptToDelete(node.identity.uid()));
    }

    private static boolean startsWith(ObjectMeta before, ObjectMeta after, String finalizer) {
        return waitsFor(after, finalizer) && (before == null || !waitsFor(before, finalizer));
    }

    private static boolean waitsFor(ObjectMeta meta, String finalizer) {
        return meta.hasDeletionTimestamp() && meta.getFinalizersList().contains(finalizer);
    }

    private static Map<String, OwnerReference> byUid(List<OwnerReference> references) {
        Map<String, OwnerReference> result = new HashMap<>();
        references.forEach(reference -> result.put(reference.getUid(), reference));
        return result;
    }

    /** A node's dependents, by whether they mean the identity. One may be both, with two references. */
    private record Dependents(List<Node> matching, List<Node> mismatching) {
        static Dependents split(Node owner, Identity identity) {
            Dependents result = new Dependents(new ArrayList<>(), new ArrayList<>());
            for (Node dependent : owner.dependents()) {
                boolean elsewhere =
                        !identity.namespace().isEmpty() && !identity.namespace().equals(dependent.identity.namespace());
                boolean match = false;
                boolean mismatch = elsewhere;
                for (OwnerReference reference : elsewhere ? List.<OwnerReference>of() : dependent.owners) {
                    if (reference.getUid().equals(identity.uid())) {
                        match |= identity.matches(reference);
                        mismatch |= !identity.matches(reference);
                    }
                }
                if (match) {
                    result.matching.add(dependent);
                }
                if (mismatch) {
                    result.mismatching.add(dependent);
                }
            }
            return result;
        }
    }
}
