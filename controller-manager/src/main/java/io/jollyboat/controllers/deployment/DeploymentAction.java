package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.events.EventType;
import java.time.Duration;
import java.util.Optional;

/** One step of a plan. Steps are carried out in order; the first failure ends the plan. */
sealed interface DeploymentAction {
    /** @param event reported once it exists */
    record CreateReplicaSet(ReplicaSet replicaSet, Optional<Event> event) implements DeploymentAction {}

    /** @param event reported once it is written */
    record UpdateReplicaSet(ReplicaSet replicaSet, Optional<Event> event) implements DeploymentAction {}

    record DeleteReplicaSet(ReplicaSet replicaSet) implements DeploymentAction {}

    /** Writes status and annotations. */
    record UpdateStatus(Deployment deployment) implements DeploymentAction {}

    /** Writes spec and annotations, in a rollback. */
    record UpdateDeployment(Deployment deployment, Optional<Event> event) implements DeploymentAction {}

    record Emit(Event event) implements DeploymentAction {}

    /** Nothing to do until then: the progress deadline. */
    record LookAgain(Duration after) implements DeploymentAction {}

    record Event(EventType type, String reason, String message) {
        static Event normal(String reason, String message) {
            return new Event(EventType.NORMAL, reason, message);
        }

        static Event warning(String reason, String message) {
            return new Event(EventType.WARNING, reason, message);
        }
    }
}
