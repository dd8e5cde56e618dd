package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.DaemonSetStatus;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentStatus;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetStatus;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.apps.v1.StatefulSetStatus;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.ReplicationControllerStatus;

/** The rules of what controllers report of the pods that they keep running. */
final class StatusRules {
    private static final String ALL = "cannot be greater than status.replicas";
    private static final String READY = "cannot be greater than readyReplicas";

    private StatusRules() {}

    static void deployment(Errors errors, Deployment deployment, Deployment old) {
        MetaRules.checkUpdate(errors, deployment.getMetadata(), old.getMetadata(), "metadata");
        DeploymentStatus status = deployment.getStatus();
        errors.notNegative("status.observedGeneration", status.getObservedGeneration());
        errors.notNegative("status.replicas", status.getReplicas());
        errors.notNegative("status.updatedReplicas", status.getUpdatedReplicas());
        errors.notNegative("status.readyReplicas", status.getReadyReplicas());
        errors.notNegative("status.availableReplicas", status.getAvailableReplicas());
        errors.notNegative("status.unavailableReplicas", status.getUnavailableReplicas());
        errors.notNegative("status.terminatingReplicas", status.getTerminatingReplicas());
        errors.notNegative("status.collisionCount", status.getCollisionCount());
        atMost(errors, "status.updatedReplicas", status.getUpdatedReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.readyReplicas", status.getReadyReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReadyReplicas(), READY);
        grows(errors, status.getCollisionCount(), old.getStatus().getCollisionCount());
    }

    static void replicaSet(Errors errors, ReplicaSet set, ReplicaSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        ReplicaSetStatus status = set.getStatus();
        errors.notNegative("status.replicas", status.getReplicas());
        errors.notNegative("status.fullyLabeledReplicas", status.getFullyLabeledReplicas());
        errors.notNegative("status.readyReplicas", status.getReadyReplicas());
        errors.notNegative("status.availableReplicas", status.getAvailableReplicas());
        errors.notNegative("status.terminatingReplicas", status.getTerminatingReplicas());
        errors.notNegative("status.observedGeneration", status.getObservedGeneration());
        atMost(errors, "status.fullyLabeledReplicas", status.getFullyLabeledReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.readyReplicas", status.getReadyReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReadyReplicas(), READY);
    }

    static void replicationController(Errors errors, ReplicationController controller, ReplicationController old) {
        MetaRules.checkUpdate(errors, controller.getMetadata(), old.getMetadata(), "metadata");
        ReplicationControllerStatus status = controller.getStatus();
        errors.notNegative("status.replicas", status.getReplicas());
        errors.notNegative("status.fullyLabeledReplicas", status.getFullyLabeledReplicas());
        errors.notNegative("status.readyReplicas", status.getReadyReplicas());
        errors.notNegative("status.availableReplicas", status.getAvailableReplicas());
        errors.notNegative("status.observedGeneration", status.getObservedGeneration());
        atMost(errors, "status.fullyLabeledReplicas", status.getFullyLabeledReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.readyReplicas", status.getReadyReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReadyReplicas(), READY);
    }

    static void statefulSet(Errors errors, StatefulSet set, StatefulSet old) {
        StatefulSetStatus status = set.getStatus();
        errors.notNegative("status.replicas", status.getReplicas());
        errors.notNegative("status.readyReplicas", status.getReadyReplicas());
        errors.notNegative("status.currentReplicas", status.getCurrentReplicas());
        errors.notNegative("status.updatedReplicas", status.getUpdatedReplicas());
        errors.notNegative("status.availableReplicas", status.getAvailableReplicas());
        errors.notNegative("status.observedGeneration", status.getObservedGeneration());
        errors.notNegative("status.collisionCount", status.getCollisionCount());
        atMost(errors, "status.readyReplicas", status.getReadyReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.currentReplicas", status.getCurrentReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.updatedReplicas", status.getUpdatedReplicas(), status.getReplicas(), ALL);
        atMost(errors, "status.availableReplicas", status.getAvailableReplicas(), status.getReplicas(), ALL);
        atMost(
                errors,
                "status.availableReplicas",
                status.getAvailableReplicas(),
                status.getReadyReplicas(),
                "cannot be greater than status.readyReplicas");
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        grows(errors, status.getCollisionCount(), old.getStatus().getCollisionCount());
    }

    static void daemonSet(Errors errors, DaemonSet set, DaemonSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        DaemonSetStatus status = set.getStatus();
        errors.notNegative("status.currentNumberScheduled", status.getCurrentNumberScheduled());
        errors.notNegative("status.numberMisscheduled", status.getNumberMisscheduled());
        errors.notNegative("status.desiredNumberScheduled", status.getDesiredNumberScheduled());
        errors.notNegative("status.numberReady", status.getNumberReady());
        errors.notNegative("status.observedGeneration", status.getObservedGeneration());
        errors.notNegative("status.updatedNumberScheduled", status.getUpdatedNumberScheduled());
        errors.notNegative("status.numberAvailable", status.getNumberAvailable());
        errors.notNegative("status.numberUnavailable", status.getNumberUnavailable());
        errors.notNegative("status.collisionCount", status.getCollisionCount());
        grows(errors, status.getCollisionCount(), old.getStatus().getCollisionCount());
    }

    private static void atMost(Errors errors, String path, int value, int limit, String detail) {
        if (value > limit) {
            errors.invalid(path, value, detail);
        }
    }

    private static void grows(Errors errors, int count, int before) {
        if (count < before) {
            errors.invalid("status.collisionCount", count, "cannot be decremented");
        }
    }
}
