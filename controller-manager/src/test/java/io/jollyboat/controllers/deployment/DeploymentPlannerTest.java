package io.jollyboat.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentPlannerTest {
    @Test
    void firstPlanCreatesTheReplicaSet() {
        World world = new World(3, "25%", "25%");
        List<DeploymentAction> plan = world.plan();
        assertThat(plan).hasSize(2);
        ReplicaSet rs = ((DeploymentAction.CreateReplicaSet) plan.getFirst()).replicaSet();
        assertThat(rs.getSpec().getReplicas()).isEqualTo(3);
        String hash = rs.getMetadata().getLabelsOrThrow("pod-template-hash");
        assertThat(rs.getMetadata().getName()).isEqualTo("web-" + hash);
        assertThat(rs.getSpec().getSelector().getMatchLabelsMap()).containsEntry("pod-template-hash", hash);
        assertThat(rs.getMetadata().getAnnotationsMap())
                .containsEntry(Revisions.REVISION, "1")
                .containsEntry(Revisions.DESIRED, "3")
                .containsEntry(Revisions.MAX, "4");
        world.step();
        assertThat(world.events).containsExactly("Scaled up replica set web-" + hash + " from 0 to 3");
        assertThat(world.condition("Progressing")).isEqualTo("True NewReplicaSetCreated");
        assertThat(world.condition("Available")).isEqualTo("False MinimumReplicasUnavailable");
        assertThat(world.deployment.getMetadata().getAnnotationsMap()).containsEntry(Revisions.REVISION, "1");
    }

    @Test
    void completes() {
        World world = new World(3, "25%", "25%");
        world.settle();
        assertThat(world.condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(world.condition("Available")).isEqualTo("True MinimumReplicasAvailable");
        assertThat(world.deployment.getStatus().getAvailableReplicas()).isEqualTo(3);
        assertThat(world.plan()).as("at rest nothing is planned").isEmpty();
    }

    /** Surge and unavailability as upstream resolves them; the last columns are the bounds in pods. */
    @ParameterizedTest
    @CsvSource({
        "10, 25%, 25%, 13, 8",
        "2, 0%, 1%, 2, 1",
        "1, 0%, 1%, 1, 0",
        "2, 1%, 25%, 3, 2",
        "1, 1%, 25%, 2, 1",
        "2, 1%, 0%, 3, 2",
        "4, 100%, 0%, 8, 4",
        "5, 0%, 100%, 5, 0",
        "7, 30%, 30%, 10, 5"
    })
    void rollsWithinItsBounds(int replicas, String surge, String unavailable, int maxTotal, int minAvailable) {
        World world = new World(replicas, surge, unavailable);
        world.settle();
        world.setImage("v2");
        for (int i = 0; i < 200; i++) {
            world.step();
            assertThat(world.total()).as("step " + i).isLessThanOrEqualTo(maxTotal);
            world.sets
                    .values()
                    .forEach(rs -> assertThat(rs.getSpec().getReplicas()).isNotNegative());
            // Old pods that a plan removes are gone at once here: what is left must suffice.
            int left = world.sets.values().stream()
                    .mapToInt(rs ->
                            Math.min(rs.getSpec().getReplicas(), rs.getStatus().getAvailableReplicas()))
                    .sum();
            assertThat(left).as("step " + i).isGreaterThanOrEqualTo(minAvailable);
            world.podsProgress(true, "v2");
        }
        assertThat(world.of("v2").getSpec().getReplicas()).isEqualTo(replicas);
        assertThat(world.of("v1").getSpec().getReplicas()).isZero();
        assertThat(world.condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(world.deployment.getMetadata().getAnnotationsMap()).containsEntry(Revisions.REVISION, "2");
    }

    @Test
    void aBrokenRolloutStopsAtItsBoundsAndTimesOut() {
        World world = new World(10, 3, 2);
        world.settle();
        world.setImage("bad");
        for (int i = 0; i < 30; i++) {
            world.step();
            world.podsProgress(false, "bad");
        }
        assertThat(world.of("bad").getSpec().getReplicas()).isEqualTo(5);
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(8);
        assertThat(world.plan())
                .singleElement()
                .isInstanceOfSatisfying(
                        DeploymentAction.LookAgain.class,
                        again -> assertThat(again.after()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(601)));
        world.now = world.now.plusSeconds(700);
        world.step();
        assertThat(world.condition("Progressing")).isEqualTo("False ProgressDeadlineExceeded");
        assertThat(world.plan()).isEmpty();

        // Back to what worked: the broken pods go first, and the old set is the new one.
        String oldName = world.of("v1").getMetadata().getName();
        world.setImage("v1");
        world.settle();
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(10);
        assertThat(world.of("v1").getMetadata().getName()).isEqualTo(oldName);
        assertThat(world.of("v1").getMetadata().getAnnotationsMap())
                .containsEntry(Revisions.REVISION, "3")
                .containsEntry(Revisions.HISTORY, "1");
        assertThat(world.condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void scalesInProportionInTheMidstOfARollout() {
        World world = new World(10, 3, 2);
        world.settle();
        world.setImage("bad");
        for (int i = 0; i < 30; i++) {
            world.step();
            world.podsProgress(false, "bad");
        }
        world.scaleTo(15);
        world.step();
        // 13 pods may become 18: the larger set gets the larger share.
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(11);
        assertThat(world.of("bad").getSpec().getReplicas()).isEqualTo(7);
        assertThat(world.of("bad").getMetadata().getAnnotationsMap())
                .containsEntry(Revisions.DESIRED, "15")
                .containsEntry(Revisions.MAX, "18");
    }

    @Test
    void scalesASingleReplicaSetAtOnce() {
        World world = new World(3, "25%", "25%");
        world.settle();
        world.scaleTo(30);
        world.step();
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(30);
        world.settle();
        world.scaleTo(0);
        world.settle();
        assertThat(world.total()).isZero();
        assertThat(world.condition("Available")).isEqualTo("True MinimumReplicasAvailable");
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        World world = new World(3, "25%", "25%");
        world.settle();
        world.edit(d -> d.getSpecBuilder().setPaused(true));
        world.setImage("v2");
        world.step();
        assertThat(world.sets).hasSize(1);
        assertThat(world.condition("Progressing")).isEqualTo("Unknown DeploymentPaused");
        world.scaleTo(5);
        world.step();
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(5);
        world.edit(d -> d.getSpecBuilder().setPaused(false));
        world.step();
        assertThat(world.sets).hasSize(2);
        world.settle();
        assertThat(world.of("v2").getSpec().getReplicas()).isEqualTo(5);
    }

    @Test
    void recreateWaitsForTheLastOldPod() {
        World world = new World(3, "25%", "25%");
        world.edit(
                d -> d.getSpecBuilder().getStrategyBuilder().setType("Recreate").clearRollingUpdate());
        world.settle();
        world.setImage("v2");
        world.step();
        assertThat(world.sets).hasSize(1);
        assertThat(world.total()).isZero();
        world.podsProgress(true, "v2");
        // The set counts no pods any more, but one of them still ends.
        Pod.Builder ending = Pod.newBuilder();
        ending.getStatusBuilder().setPhase("Running");
        world.pods.put(world.of("v1").getMetadata().getUid(), List.of(ending.build()));
        world.step();
        assertThat(world.sets).hasSize(1);
        world.pods.clear();
        world.step();
        assertThat(world.of("v2").getSpec().getReplicas()).isEqualTo(3);
    }

    @Test
    void oldReplicaSetsBeyondTheLimitGo() {
        World world = new World(1, 1, 0);
        world.edit(d -> d.getSpecBuilder().setRevisionHistoryLimit(2));
        for (int i = 1; i <= 6; i++) {
            world.setImage("v" + i);
            world.settle();
        }
        assertThat(world.sets.values().stream().map(World::image)).containsExactly("v4", "v5", "v6");
    }

    @Test
    void rollsBackByTheOldAnnotation() {
        World world = new World(1, 1, 0);
        world.settle();
        world.setImage("v2");
        world.settle();
        world.edit(d -> d.getMetadataBuilder().putAnnotations(Revisions.ROLLBACK_TO, "0"));
        world.settle();
        assertThat(World.image(world.deployment)).isEqualTo("v1");
        assertThat(world.events).contains("Rolled back deployment \"web\" to revision 1");
        assertThat(world.deployment.getMetadata().getAnnotationsMap()).doesNotContainKey(Revisions.ROLLBACK_TO);
        assertThat(world.of("v1").getSpec().getReplicas()).isEqualTo(1);
    }

    @Test
    void aReplicaSetsFailureShows() {
        World world = new World(2, 1, 0);
        world.step();
        world.sets.replaceAll((uid, rs) -> {
            ReplicaSet.Builder next = rs.toBuilder();
            next.getStatusBuilder()
                    .addConditionsBuilder()
                    .setType("ReplicaFailure")
                    .setStatus("True")
                    .setReason("FailedCreate")
                    .setMessage("exceeded quota");
            return next.build();
        });
        world.step();
        assertThat(world.condition("ReplicaFailure")).isEqualTo("True FailedCreate");
        world.sets.replaceAll((uid, rs) -> {
            ReplicaSet.Builder next = rs.toBuilder();
            next.getStatusBuilder().clearConditions();
            return next.build();
        });
        world.settle();
        assertThat(world.condition("ReplicaFailure")).isEqualTo("-");
    }

    @Test
    void annotationsAreCopiedButNotThoseOfTheRollout() {
        World world = new World(1, 1, 0);
        world.edit(d -> d.getMetadataBuilder()
                .putAnnotations("note", "x")
                .putAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{}"));
        world.step();
        assertThat(world.of("v1").getMetadata().getAnnotationsMap())
                .containsEntry("note", "x")
                .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
        world.edit(d -> d.getMetadataBuilder().putAnnotations("note", "y"));
        world.step();
        assertThat(world.of("v1").getMetadata().getAnnotationsMap()).containsEntry("note", "y");
    }
}
