package io.jollyboat.controllers.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReplicaSetPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void createsWhatIsMissing() {
        assertThat(ReplicaSetPlanner.plan(set(3), List.of(pod("a", p -> {})), List.of(), NOW))
                .isEqualTo(new ReplicaSetPlanner.Plan(2, List.of()));
        assertThat(ReplicaSetPlanner.plan(set(1000), List.of(), List.of(), NOW).create())
                .isEqualTo(ReplicaSetPlanner.BURST);
    }

    @Test
    void leavesADeletedSetAlone() {
        ReplicaSet.Builder deleted = set(3).toBuilder();
        deleted.getMetadataBuilder().setDeletionTimestamp(Times.time(NOW));
        assertThat(ReplicaSetPlanner.plan(deleted.build(), List.of(), List.of(), NOW)
                        .create())
                .isZero();
    }

    @Test
    void deletesTheLeastWorthFirst() {
        Pod old = running("old", 10_000);
        Pod young = running("young", 10);
        Pod pending = pod("pending", p -> p.getSpecBuilder().setNodeName("n1"));
        Pod unassigned = pod("unassigned", p -> {});
        Pod notReady = pod("not-ready", p -> {
            p.getSpecBuilder().setNodeName("n1");
            p.getStatusBuilder().setPhase("Running");
        });
        Pod cheap = pod("cheap", p -> {
            p.mergeFrom(running("cheap", 20_000));
            p.getMetadataBuilder().putAnnotations("controller.kubernetes.io/pod-deletion-cost", "-5");
        });
        List<Pod> pods = List.of(old, young, pending, unassigned, notReady, cheap);
        assertThat(names(DeletionRanking.first(pods, pods, 5, NOW)))
                .containsExactly("unassigned", "pending", "not-ready", "cheap", "young");
    }

    @Test
    void prefersCrowdedNodes() {
        Pod alone = running("alone", 10);
        Pod crowded = pod("crowded", p -> {
            p.mergeFrom(running("crowded", 10_000));
            p.getSpecBuilder().setNodeName("n2");
        });
        Pod neighbour = pod("neighbour", p -> p.getSpecBuilder().setNodeName("n2"));
        assertThat(names(DeletionRanking.first(List.of(alone, crowded), List.of(alone, crowded, neighbour), 1, NOW)))
                .containsExactly("crowded");
    }

    @Test
    void countsPodsByTheirState() {
        ReplicaSet.Builder set = set(3).toBuilder();
        set.getSpecBuilder().setMinReadySeconds(30);
        set.getSpecBuilder().getTemplateBuilder().getMetadataBuilder().putLabels("app", "x");
        Pod unlabelled = pod("c", p -> {});
        ReplicaSetStatus status = StatusCalculator.status(
                set.build(),
                List.of(labelled(running("a", 100)), labelled(running("b", 10)), unlabelled),
                OptionalInt.of(2),
                null,
                NOW);
        assertThat(status.getReplicas()).isEqualTo(3);
        assertThat(status.getReadyReplicas()).isEqualTo(2);
        assertThat(status.getAvailableReplicas()).isEqualTo(1);
        assertThat(status.getFullyLabeledReplicas()).isEqualTo(2);
        assertThat(status.getTerminatingReplicas()).isEqualTo(2);
    }

    @Test
    void aFailureBecomesAConditionAndGoes() {
        ReplicaSetStatus failed = StatusCalculator.status(set(2), List.of(), OptionalInt.empty(), "no quota", NOW);
        assertThat(failed.getConditions(0).getReason()).isEqualTo("FailedCreate");
        assertThat(failed.getConditions(0).getMessage()).isEqualTo("no quota");
        ReplicaSet after = set(2).toBuilder().setStatus(failed).build();
        assertThat(StatusCalculator.status(after, List.of(), OptionalInt.empty(), null, NOW)
                        .getConditionsList())
                .isEmpty();
    }

    private static List<String> names(List<Pod> pods) {
        return pods.stream().map(p -> p.getMetadata().getName()).toList();
    }

    private static Pod labelled(Pod pod) {
        Pod.Builder result = pod.toBuilder();
        result.getMetadataBuilder().putLabels("app", "x");
        return result.build();
    }

    private static Pod running(String name, long readyForSeconds) {
        return pod(name, p -> {
            p.getSpecBuilder().setNodeName("n1");
            p.getStatusBuilder().setPhase("Running");
            p.getStatusBuilder()
                    .addConditionsBuilder()
                    .setType("Ready")
                    .setStatus("True")
                    .setLastTransitionTime(Times.time(NOW.minusSeconds(readyForSeconds)));
        });
    }

    private static Pod pod(String name, Consumer<Pod.Builder> change) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setName(name).setUid(name).setCreationTimestamp(Times.time(NOW.minusSeconds(60)));
        pod.getStatusBuilder().setPhase("Pending");
        change.accept(pod);
        return pod.build();
    }

    private static ReplicaSet set(int replicas) {
        ReplicaSet.Builder set = ReplicaSet.newBuilder();
        set.getMetadataBuilder().setName("rs").setUid("rs").setGeneration(1);
        set.getSpecBuilder().setReplicas(replicas);
        return set.build();
    }
}
