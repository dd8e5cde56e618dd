package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.apps.v1.StatefulSetSpec;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeClaimVolumeSource;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.values.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of stateful sets. */
final class StatefulSetRules {
    private StatefulSetRules() {}

    static void statefulSet(Errors errors, StatefulSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Label);
        spec(errors, set.getSpec(), true);
    }

    /** @param fixed whether what no update can change is looked at */
    private static void spec(Errors errors, StatefulSetSpec spec, boolean fixed) {
        switch (spec.getPodManagementPolicy()) {
            case "" -> errors.required("spec.podManagementPolicy");
            case "OrderedReady", "Parallel" -> {
                // The two there are.
            }
            default ->
                errors.invalid(
                        "spec.podManagementPolicy",
                        spec.getPodManagementPolicy(),
                        "must be 'OrderedReady' or 'Parallel'");
        }
        switch (spec.getUpdateStrategy().getType()) {
            case "" -> errors.required("spec.updateStrategy");
            case "OnDelete" -> {
                if (spec.getUpdateStrategy().hasRollingUpdate()) {
                    errors.invalid(
                            "spec.updateStrategy.rollingUpdate",
                            Errors.shown(spec.getUpdateStrategy().getRollingUpdate()),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" ->
                errors.notNegative(
                        "spec.updateStrategy.rollingUpdate.partition",
                        spec.getUpdateStrategy().getRollingUpdate().getPartition());
            default ->
                errors.invalid(
                        "spec.updateStrategy",
                        WorkloadRules.typed(spec.getUpdateStrategy().getType()),
                        "must be 'RollingUpdate' or 'OnDelete'");
        }
        errors.oneOf(
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
                spec.getPersistentVolumeClaimRetentionPolicy().getWhenDeleted(),
                "Retain",
                "Delete");
        errors.oneOf(
                "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
                spec.getPersistentVolumeClaimRetentionPolicy().getWhenScaled(),
                "Retain",
                "Delete");
        if (fixed && !spec.getServiceName().isEmpty()) {
            errors.invalid("spec.serviceName", spec.getServiceName(), Names.dns1123Label(spec.getServiceName()));
        }
        errors.notNegative("spec.replicas", spec.getReplicas());
        errors.notNegative("spec.minReadySeconds", spec.getMinReadySeconds());
        errors.notNegative("spec.ordinals.start", spec.getOrdinals().getStart());
        for (int i = 0; fixed && i < spec.getVolumeClaimTemplatesCount(); i++) {
            ClaimRules.spec(
                    errors, spec.getVolumeClaimTemplates(i).getSpec(), "spec.volumeClaimTemplates[" + i + "].spec");
        }
        WorkloadRules.selector(errors, spec.hasSelector(), spec.getSelector(), "statefulset");
        template(errors, spec);
    }

    /** With the volumes of its claims; names that the controller sets are not looked at. */
    private static void template(Errors errors, StatefulSetSpec spec) {
        Map<String, Volume> volumes = new LinkedHashMap<>();
        for (PersistentVolumeClaim claim : spec.getVolumeClaimTemplatesList()) {
            String name = claim.getMetadata().getName();
            volumes.put(
                    name,
                    Volume.newBuilder()
                            .setName(name)
                            .setVolumeSource(VolumeSource.newBuilder()
                                    .setPersistentVolumeClaim(PersistentVolumeClaimVolumeSource.newBuilder()
                                            .setClaimName(name)))
                            .build());
        }
        PodTemplateSpec.Builder template = spec.getTemplate().toBuilder();
        List<Volume> others = template.getSpec().getVolumesList().stream()
                .filter(volume -> !volumes.containsKey(volume.getName()))
                .toList();
        template.getSpecBuilder()
                .clearSubdomain()
                .clearHostname()
                .clearVolumes()
                .addAllVolumes(volumes.values())
                .addAllVolumes(others);
        WorkloadRules.template(errors, template.build(), spec.hasSelector(), spec.getSelector(), "StatefulSet");
    }

    static void statefulSetUpdate(Errors errors, StatefulSet set, StatefulSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, set.getSpec(), false);
        StatefulSetSpec.Builder munged = set.getSpec().toBuilder();
        StatefulSetSpec before = old.getSpec();
        munged.setReplicas(before.getReplicas())
                .setTemplate(before.getTemplate())
                .setUpdateStrategy(before.getUpdateStrategy())
                .setMinReadySeconds(before.getMinReadySeconds())
                .setOrdinals(before.getOrdinals())
                .setRevisionHistoryLimit(before.getRevisionHistoryLimit())
                .setPersistentVolumeClaimRetentionPolicy(before.getPersistentVolumeClaimRetentionPolicy());
        if (!before.hasMinReadySeconds()) {
            munged.clearMinReadySeconds();
        }
        if (!before.hasOrdinals()) {
            munged.clearOrdinals();
        }
        if (!before.hasRevisionHistoryLimit()) {
            munged.clearRevisionHistoryLimit();
        }
        if (!munged.build().equals(before)) {
            errors.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden");
        }
    }
}
