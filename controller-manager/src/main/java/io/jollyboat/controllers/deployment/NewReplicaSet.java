package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.PodTemplates;
import io.jollyboat.controllers.objects.TemplateHash;
import io.jollyboat.controllers.objects.Types;
import java.util.List;

/** The ReplicaSet of a template that has none yet. */
final class NewReplicaSet {
    private static final int NAME_LIMIT = 253;

    private NewReplicaSet() {}

    static ReplicaSet of(Deployment deployment, List<ReplicaSet> old, long revision) {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        String hash = TemplateHash.of(
                template,
                deployment.getStatus().hasCollisionCount()
                        ? deployment.getStatus().getCollisionCount()
                        : null);
        PodTemplateSpec.Builder labelled = template.toBuilder();
        labelled.getMetadataBuilder().putLabels(PodTemplates.HASH_LABEL, hash);
        LabelSelector selector = deployment.getSpec().getSelector().toBuilder()
                .putMatchLabels(PodTemplates.HASH_LABEL, hash)
                .build();

        ReplicaSet.Builder rs = ReplicaSet.newBuilder();
        rs.getMetadataBuilder()
                .setName(name(deployment.getMetadata().getName(), hash))
                .setNamespace(deployment.getMetadata().getNamespace())
                .addOwnerReferences(Owners.controllerReference(Types.DEPLOYMENTS, deployment.getMetadata()))
                .putAllLabels(labelled.getMetadata().getLabelsMap());
        rs.getSpecBuilder()
                .setReplicas(size(deployment, old))
                .setMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                .setSelector(selector)
                .setTemplate(labelled);
        return Revisions.withSizes(Revisions.annotate(rs.build(), deployment, revision), Bounds.of(deployment));
    }

    private static int size(Deployment deployment, List<ReplicaSet> old) {
        int present = old.stream().mapToInt(rs -> rs.getSpec().getReplicas()).sum();
        return Bounds.isRolling(deployment)
                ? RollingUpdate.newSize(Bounds.of(deployment), present, 0)
                : deployment.getSpec().getReplicas();
    }

    private static String name(String deployment, String hash) {
        int room = NAME_LIMIT - 1 - hash.length();
        return (deployment.length() > room ? deployment.substring(0, room) : deployment) + "-" + hash;
    }
}
