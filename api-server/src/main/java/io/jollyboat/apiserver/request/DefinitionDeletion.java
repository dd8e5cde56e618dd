package io.jollyboat.apiserver.request;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.List;

/** A definition is marked as terminating, and goes when its objects are gone: a finalizer of its own sees to that. */
final class DefinitionDeletion {
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private DefinitionDeletion() {}

    /** For the first request; further ones are as for any object. */
    static DeletionPlan plan(CustomResourceDefinition definition, Instant now) {
        CustomResourceDefinition.Builder marked = definition.toBuilder();
        // Unlike elsewhere, no grace period is recorded, and the generation stays.
        marked.getMetadataBuilder().setDeletionTimestamp(Times.time(now));
        if (!definition.getMetadata().getFinalizersList().contains(CLEANUP)) {
            marked.getMetadataBuilder().addFinalizers(CLEANUP);
        }
        CustomResourceDefinitionCondition terminating = CustomResourceDefinitionCondition.newBuilder()
                .setType("Terminating")
                .setStatus("True")
                .setReason("InstanceDeletionPending")
                .setMessage("CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon")
                .setLastTransitionTime(Times.time(now))
                .build();
        List<CustomResourceDefinitionCondition> others = definition.getStatus().getConditionsList().stream()
                .filter(condition -> !condition.getType().equals("Terminating"))
                .toList();
        marked.getStatusBuilder().clearConditions().addAllConditions(others).addConditions(terminating);
        return new DeletionPlan(marked.build(), true, false);
    }
}
