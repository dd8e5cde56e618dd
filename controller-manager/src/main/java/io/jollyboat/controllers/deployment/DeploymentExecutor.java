package io.jollyboat.controllers.deployment;

import static io.jollyboat.controllers.deployment.DeploymentConditions.CREATE_ERROR;
import static io.jollyboat.controllers.deployment.DeploymentConditions.PROGRESSING;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.deployment.DeploymentAction.Event;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Carries a plan out, step by step; an exception ends it and brings the deployment back. */
final class DeploymentExecutor {
    private final ControllerContext context;
    private final Informer<Deployment> deployments;
    private final Informer<ReplicaSet> sets;
    private final WriteTracker writes;

    DeploymentExecutor(
            ControllerContext context,
            Informer<Deployment> deployments,
            Informer<ReplicaSet> sets,
            WriteTracker writes) {
        this.context = context;
        this.deployments = deployments;
        this.sets = sets;
        this.writes = writes;
    }

    Outcome execute(Deployment deployment, List<DeploymentAction> actions) {
        Outcome outcome = Outcome.done();
        for (DeploymentAction action : actions) {
            switch (action) {
                case DeploymentAction.CreateReplicaSet create -> create(deployment, create);
                case DeploymentAction.UpdateReplicaSet update -> {
                    wrote(deployment, context.client().update(Types.REPLICA_SETS, update.replicaSet()));
                    emit(deployment, update.event());
                }
                case DeploymentAction.DeleteReplicaSet delete -> delete(deployment, delete.replicaSet());
                case DeploymentAction.UpdateStatus update -> writeStatus(update.deployment());
                case DeploymentAction.UpdateDeployment update -> {
                    writes.wrote(
                            Types.DEPLOYMENTS.key(deployment),
                            deployments,
                            context.client().update(Types.DEPLOYMENTS, update.deployment()));
                    emit(deployment, update.event());
                }
                case DeploymentAction.Emit emit -> emit(deployment, Optional.of(emit.event()));
                case DeploymentAction.LookAgain again -> outcome = Outcome.after(again.after());
            }
        }
        return outcome;
    }

    private void create(Deployment deployment, DeploymentAction.CreateReplicaSet action) {
        ReplicaSet wanted = action.replicaSet();
        try {
            wrote(deployment, context.client().create(Types.REPLICA_SETS, wanted));
        } catch (ApiException e) {
            if (e.isAlreadyExists()) {
                resolveCollision(deployment, wanted, e);
                return;
            }
            if (!Errors.isNamespaceTerminating(e)) {
                reportFailure(deployment, wanted, e);
            }
            throw e;
        }
        emit(deployment, action.event());
    }

    /** A set of that name: ours, which the cache does not show yet, or another template's with the same hash. */
    private void resolveCollision(Deployment deployment, ReplicaSet wanted, ApiException conflict) {
        ReplicaSet present = context.client().get(Types.REPLICA_SETS, Types.REPLICA_SETS.key(wanted));
        if (Owners.controlledBy(present.getMetadata(), deployment.getMetadata())
                && DeploymentPlanner.sameTemplate(present, deployment)) {
            wrote(deployment, present);
            return;
        }
        Deployment.Builder next = deployment.toBuilder();
        next.getStatusBuilder().setCollisionCount(deployment.getStatus().getCollisionCount() + 1);
        writeStatus(next.build());
        throw conflict;
    }

    private void reportFailure(Deployment deployment, ReplicaSet wanted, ApiException e) {
        String message =
                "Failed to create new replica set \"" + wanted.getMetadata().getName() + "\": " + e.getMessage();
        context.events().record(Types.DEPLOYMENTS, deployment, EventType.WARNING, CREATE_ERROR, message);
        if (StatusCalculator.hasDeadline(deployment)
                && !DeploymentConditions.hasReason(deployment.getStatus(), PROGRESSING, CREATE_ERROR)) {
            Deployment.Builder next = deployment.toBuilder();
            DeploymentConditions.set(
                    next.getStatusBuilder(),
                    DeploymentConditions.condition(
                            PROGRESSING,
                            "False",
                            CREATE_ERROR,
                            message,
                            context.runtime().now()));
            writeStatus(next.build());
        }
    }

    private void delete(Deployment deployment, ReplicaSet set) {
        ObjectKey key = Types.REPLICA_SETS.key(set);
        String uid = set.getMetadata().getUid();
        DeleteOptions options = DeleteOptions.newBuilder()
                .setPreconditions(Preconditions.newBuilder().setUid(uid))
                .build();
        try {
            context.client().delete(Types.REPLICA_SETS, key, options);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        writes.deleted(Types.DEPLOYMENTS.key(deployment), sets, key, uid);
    }

    private void writeStatus(Deployment deployment) {
        writes.wrote(
                Types.DEPLOYMENTS.key(deployment),
                deployments,
                context.client().updateStatus(Types.DEPLOYMENTS, deployment));
    }

    private void wrote(Deployment deployment, ReplicaSet written) {
        writes.wrote(Types.DEPLOYMENTS.key(deployment), sets, written);
    }

    private void emit(Deployment deployment, Optional<Event> event) {
        event.ifPresent(e -> context.events().record(Types.DEPLOYMENTS, deployment, e.type(), e.reason(), e.message()));
    }
}
