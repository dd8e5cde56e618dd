package io.jollyboat.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.controllers.garbage.Graph.Work;
import io.jollyboat.controllers.objects.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private final List<String> work = new ArrayList<>();
    private final Graph graph = new Graph(w -> work.add(
            switch (w) {
                case Work.AttemptToDelete d -> "delete " + d.uid();
                case Work.AttemptToOrphan o -> "orphan " + o.uid();
                case Work.InvalidOwner i -> "invalid " + i.uid();
            }));

    @Test
    void dependentsAreLookedAtWhenTheirOwnerGoes() {
        ObjectMeta owner = meta("ns", "rs");
        ObjectMeta dependent = meta("ns", "pod", owner(owner));
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.PODS, null, dependent);
        assertThat(work).isEmpty();
        graph.changed(Types.REPLICA_SETS, owner, null);
        assertThat(work).containsExactly("delete pod");
        assertThat(graph.isAbsent(Identity.of(Types.REPLICA_SETS, owner))).isTrue();
    }

    @Test
    void anOwnerNotSeenYetIsLookedFor() {
        ObjectMeta owner = meta("ns", "rs");
        graph.changed(Types.PODS, null, meta("ns", "pod", owner(owner)));
        assertThat(work).containsExactly("delete rs");
        assertThat(graph.view("rs").orElseThrow().observed()).isFalse();
        work.clear();
        graph.changed(Types.REPLICA_SETS, null, owner);
        assertThat(graph.view("rs").orElseThrow().observed()).isTrue();
        assertThat(work).isEmpty();
    }

    @Test
    void anOwnerThatIsNotThereCondemnsItsDependents() {
        ObjectMeta owner = meta("ns", "rs");
        graph.changed(Types.PODS, null, meta("ns", "pod", owner(owner)));
        work.clear();
        graph.foundAbsent(graph.view("rs").orElseThrow().identity());
        assertThat(work).containsExactly("delete pod");
        assertThat(graph.view("rs")).isEmpty();
    }

    @Test
    void foregroundDeletionAsksForTheDependentsAndWakesTheOwnerWhenTheyAreGone() {
        ObjectMeta owner = meta("ns", "rs");
        ObjectMeta dependent = meta("ns", "pod", owner(owner));
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.PODS, null, dependent);
        ObjectMeta deleted = deleted(owner, Graph.FOREGROUND);
        graph.changed(Types.REPLICA_SETS, owner, deleted);
        assertThat(work).containsExactly("delete pod", "delete rs");
        work.clear();
        graph.changed(
                Types.REPLICA_SETS,
                deleted,
                deleted.toBuilder().putLabels("a", "b").build());
        assertThat(work).as("it has started before").isEmpty();
        graph.changed(Types.PODS, dependent, null);
        assertThat(work).containsExactly("delete rs");
    }

    @Test
    void aReferenceThatNoLongerBlocksWakesTheOwner() {
        ObjectMeta owner = meta("ns", "rs");
        ObjectMeta dependent = meta("ns", "pod", owner(owner));
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.PODS, null, dependent);
        OwnerReference unblocked = dependent.getOwnerReferences(0).toBuilder()
                .setBlockOwnerDeletion(false)
                .build();
        graph.changed(
                Types.PODS,
                dependent,
                dependent.toBuilder().setOwnerReferences(0, unblocked).build());
        assertThat(work).containsExactly("delete rs");
    }

    @Test
    void orphaningStarts() {
        ObjectMeta owner = meta("ns", "rs");
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.REPLICA_SETS, owner, deleted(owner, Graph.ORPHAN));
        assertThat(work).containsExactly("orphan rs");
    }

    @Test
    void anOwnerInAnotherNamespaceIsNoOwner() {
        ObjectMeta owner = meta("other", "rs");
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.PODS, null, meta("ns", "pod", owner(owner)));
        assertThat(work).containsExactly("invalid pod", "delete pod");
    }

    @Test
    void aWrongReferenceDoesNotCondemnThoseWhoAreRight() {
        // Two say different things of one uid; the first named is asked for, is absent, and the other is asked next.
        ObjectMeta real = meta("ns", "rs");
        OwnerReference right = owner(real);
        OwnerReference wrong = right.toBuilder().setApiVersion("example.com/v1").build();
        graph.changed(Types.PODS, null, meta("ns", "liar", wrong));
        graph.changed(Types.PODS, null, meta("ns", "pod", right));
        work.clear();
        graph.foundAbsent(graph.view("rs").orElseThrow().identity());
        assertThat(work).containsExactly("delete liar", "delete rs");
        assertThat(graph.view("rs").orElseThrow().identity().apiVersion()).isEqualTo("apps/v1");
        work.clear();
        graph.changed(Types.REPLICA_SETS, null, real);
        assertThat(work).as("who is right is not looked at").isEmpty();
        assertThat(graph.view("rs").orElseThrow().observed()).isTrue();
    }

    @Test
    void anObjectMadeAnewUnderItsNameIsAnother() {
        ObjectMeta owner = meta("ns", "rs");
        graph.changed(Types.REPLICA_SETS, null, owner);
        graph.changed(Types.PODS, null, meta("ns", "pod", owner(owner)));
        graph.changed(Types.REPLICA_SETS, owner, owner.toBuilder().setUid("rs2").build());
        assertThat(work).containsExactly("delete pod");
        assertThat(graph.view("rs2")).isPresent();
    }

    @Test
    void whatIsGoneIsForgotten() {
        for (int i = 0; i < 100; i++) {
            ObjectMeta owner = meta("ns", "rs" + i);
            ObjectMeta dependent = meta("ns", "pod" + i, owner(owner));
            graph.changed(Types.REPLICA_SETS, null, owner);
            graph.changed(Types.PODS, null, dependent);
            graph.changed(Types.REPLICA_SETS, owner, null);
            graph.changed(Types.PODS, dependent, null);
        }
        assertThat(graph.size()).isZero();
    }

    private static ObjectMeta meta(String namespace, String name, OwnerReference... owners) {
        return ObjectMeta.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setUid(name)
                .addAllOwnerReferences(List.of(owners))
                .build();
    }

    private static OwnerReference owner(ObjectMeta owner) {
        return OwnerReference.newBuilder()
                .setApiVersion("apps/v1")
                .setKind("ReplicaSet")
                .setName(owner.getName())
                .setUid(owner.getUid())
                .setController(true)
                .setBlockOwnerDeletion(true)
                .build();
    }

    private static ObjectMeta deleted(ObjectMeta meta, String finalizer) {
        ObjectMeta.Builder result = meta.toBuilder().addFinalizers(finalizer);
        result.getDeletionTimestampBuilder().setSeconds(1);
        return result.build();
    }
}
