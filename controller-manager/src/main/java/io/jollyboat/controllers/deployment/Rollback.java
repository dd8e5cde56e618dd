package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.controllers.deployment.DeploymentAction.Event;
import io.jollyboat.controllers.objects.PodTemplates;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rollback asked for by the annotation of upstream's old API. (kubectl rolls back by writing the old template
 * itself.)
 */
final class Rollback {
    private Rollback() {}

    static OptionalLong requested(Deployment deployment) {
        String revision = deployment.getMetadata().getAnnotationsOrDefault(Revisions.ROLLBACK_TO, "");
        try {
            return revision.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(revision));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** @param requested zero for the last revision before the present one */
    static void plan(Rollout rollout, long requested) {
        rollout.syncRevision(true);
        long revision = requested == 0 ? Revisions.last(rollout.all()) : requested;
        Deployment.Builder next = rollout.deployment().toBuilder();
        Optional<Event> event = Optional.empty();
        Optional<ReplicaSet> target = rollout.all().stream()
                .filter(rs -> Revisions.revision(rs).equals(OptionalLong.of(revision)))
                .findFirst();
        if (revision == 0) {
            rollout.emit(notFound("Unable to find last revision."));
        } else if (target.isEmpty()) {
            rollout.emit(notFound("Unable to find the revision to rollback to."));
        } else if (DeploymentPlanner.sameTemplate(target.get(), rollout.deployment())) {
            rollout.emit(Event.warning(
                    "DeploymentRollbackTemplateUnchanged",
                    "The rollback revision contains the same template as current deployment \""
                            + next.getMetadata().getName() + "\""));
        } else {
            next.getSpecBuilder()
                    .setTemplate(PodTemplates.withoutHash(target.get().getSpec().getTemplate()));
            Revisions.rollBackAnnotations(next, target.get());
            event = Optional.of(Event.normal(
                    "DeploymentRollback",
                    "Rolled back deployment \"" + next.getMetadata().getName() + "\" to revision " + revision));
        }
        next.getMetadataBuilder().removeAnnotations(Revisions.ROLLBACK_TO);
        rollout.add(new DeploymentAction.UpdateDeployment(next.build(), event));
    }

    private static Event notFound(String message) {
        return Event.warning("DeploymentRollbackRevisionNotFound", message);
    }
}
