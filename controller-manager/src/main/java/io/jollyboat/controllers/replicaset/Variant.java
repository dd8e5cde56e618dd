package io.jollyboat.controllers.replicaset;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetCondition;
import io.jollyboat.api.apps.v1.ReplicaSetStatus;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.ReplicationControllerCondition;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.kinds.ResourceType;

/** A kind that keeps a number of pods, seen as a ReplicaSet. */
sealed interface Variant<T extends Message> {
    ResourceType<T> type();

    ReplicaSet view(T object);

    T withStatus(T object, ReplicaSetStatus status);

    boolean countsTerminating();

    record OfReplicaSets() implements Variant<ReplicaSet> {
        @Override
        public ResourceType<ReplicaSet> type() {
            return Types.REPLICA_SETS;
        }

        @Override
        public ReplicaSet view(ReplicaSet object) {
            return object;
        }

        @Override
        public ReplicaSet withStatus(ReplicaSet object, ReplicaSetStatus status) {
            return object.toBuilder().setStatus(status).build();
        }

        @Override
        public boolean countsTerminating() {
            return true;
        }
    }

    record OfReplicationControllers() implements Variant<ReplicationController> {
        @Override
        public ResourceType<ReplicationController> type() {
            return Types.REPLICATION_CONTROLLERS;
        }

        @Override
        public ReplicaSet view(ReplicationController object) {
            ReplicaSet.Builder view = ReplicaSet.newBuilder().setMetadata(object.getMetadata());
            view.getSpecBuilder()
                    .setReplicas(object.getSpec().getReplicas())
                    .setMinReadySeconds(object.getSpec().getMinReadySeconds())
                    .setTemplate(object.getSpec().getTemplate())
                    .getSelectorBuilder()
                    .putAllMatchLabels(object.getSpec().getSelectorMap());
            view.getStatusBuilder()
                    .setReplicas(object.getStatus().getReplicas())
                    .setFullyLabeledReplicas(object.getStatus().getFullyLabeledReplicas())
                    .setReadyReplicas(object.getStatus().getReadyReplicas())
                    .setAvailableReplicas(object.getStatus().getAvailableReplicas())
                    .setObservedGeneration(object.getStatus().getObservedGeneration());
            for (ReplicationControllerCondition c : object.getStatus().getConditionsList()) {
                view.getStatusBuilder()
                        .addConditionsBuilder()
                        .setType(c.getType())
                        .setStatus(c.getStatus())
                        .setLastTransitionTime(c.getLastTransitionTime())
                        .setReason(c.getReason())
                        .setMessage(c.getMessage());
            }
            return view.build();
        }

        @Override
        public ReplicationController withStatus(ReplicationController object, ReplicaSetStatus status) {
            ReplicationController.Builder result = object.toBuilder();
            result.getStatusBuilder()
                    .setReplicas(status.getReplicas())
                    .setFullyLabeledReplicas(status.getFullyLabeledReplicas())
                    .setReadyReplicas(status.getReadyReplicas())
                    .setAvailableReplicas(status.getAvailableReplicas())
                    .setObservedGeneration(status.getObservedGeneration())
                    .clearConditions();
            for (ReplicaSetCondition c : status.getConditionsList()) {
                result.getStatusBuilder()
                        .addConditionsBuilder()
                        .setType(c.getType())
                        .setStatus(c.getStatus())
                        .setLastTransitionTime(c.getLastTransitionTime())
                        .setReason(c.getReason())
                        .setMessage(c.getMessage());
            }
            return result.build();
        }

        @Override
        public boolean countsTerminating() {
            return false;
        }
    }
}
