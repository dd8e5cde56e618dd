package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.DaemonSetSpec;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentSpec;
import io.jollyboat.api.apps.v1.DeploymentStrategy;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.apps.v1.StatefulSetSpec;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.selectors.LabelSelectors;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rules of what keeps pods running. */
final class WorkloadRules {
    private WorkloadRules() {}

    static void deployment(Errors errors, Deployment deployment) {
        MetaRules.check(errors, deployment.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        DeploymentSpec spec = deployment.getSpec();
        errors.notNegative("spec.replicas", spec.getReplicas());
        selector(errors, spec.hasSelector(), spec.getSelector(), "deployment");
        template(errors, spec.getTemplate(), spec.hasSelector(), spec.getSelector());
        strategy(errors, spec.getStrategy());
        errors.notNegative("spec.minReadySeconds", spec.getMinReadySeconds());
        errors.notNegative("spec.revisionHistoryLimit", spec.getRevisionHistoryLimit());
        if (spec.hasProgressDeadlineSeconds()) {
            errors.notNegative("spec.progressDeadlineSeconds", spec.getProgressDeadlineSeconds());
            if (spec.getProgressDeadlineSeconds() <= spec.getMinReadySeconds()) {
                errors.invalid(
                        "spec.progressDeadlineSeconds",
                        spec.getProgressDeadlineSeconds(),
                        "must be greater than minReadySeconds");
            }
        }
    }

    static void deploymentUpdate(Errors errors, Deployment deployment, Deployment old) {
        MetaRules.checkUpdate(errors, deployment.getMetadata(), old.getMetadata(), "metadata");
        deployment(errors, deployment);
        errors.unchanged(
                "spec.selector",
                deployment.getSpec().getSelector(),
                old.getSpec().getSelector());
    }

    private static void strategy(Errors errors, DeploymentStrategy strategy) {
        String path = "spec.strategy";
        switch (strategy.getType()) {
            case "Recreate" -> {
                if (strategy.hasRollingUpdate()) {
                    errors.forbidden(
                            path + ".rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> {
                if (!strategy.hasRollingUpdate()) {
                    errors.required(path + ".rollingUpdate", "this should be defaulted and never be nil");
                } else {
                    IntOrString unavailable = strategy.getRollingUpdate().getMaxUnavailable();
                    IntOrString surge = strategy.getRollingUpdate().getMaxSurge();
                    String at = path + ".rollingUpdate";
                    CommonRules.positiveIntOrPercent(errors, unavailable, at + ".maxUnavailable");
                    CommonRules.positiveIntOrPercent(errors, surge, at + ".maxSurge");
                    if (isZero(unavailable) && isZero(surge)) {
                        errors.invalid(at + ".maxUnavailable", shown(unavailable), "may not be 0 when `maxSurge` is 0");
                    }
                    CommonRules.atMostAll(errors, unavailable, at + ".maxUnavailable");
                }
            }
            default -> errors.notSupported(path, typed(strategy.getType()), List.of("Recreate", "RollingUpdate"));
        }
    }

    /** A strategy as upstream prints its own type for it. */
    private static Object typed(String type) {
        return Errors.bare("{\"Type\":\"" + type + "\",\"RollingUpdate\":null}");
    }

    private static boolean isZero(IntOrString value) {
        try {
            return IntOrStrings.scaled(value, 100, true) == 0;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static Object shown(IntOrString value) {
        return IntOrStrings.isString(value) ? value.getStrVal() : value.getIntVal();
    }

    private static void selector(Errors errors, boolean present, LabelSelector selector, String what) {
        if (!present) {
            errors.required("spec.selector");
            return;
        }
        CommonRules.selector(errors, selector, "spec.selector");
        boolean empty = selector.getMatchLabelsCount() == 0 && selector.getMatchExpressionsCount() == 0;
        if (empty) {
            errors.invalid("spec.selector", Errors.shown(selector), "empty selector is invalid for " + what);
        }
    }

    private static void template(Errors errors, PodTemplateSpec template, boolean present, LabelSelector selector) {
        labels(errors, template, present, selector);
        PodRules.template(errors, template, "spec.template");
        if (!template.getSpec().getRestartPolicy().equals("Always")
                && !template.getSpec().getRestartPolicy().isEmpty()) {
            errors.notSupported(
                    "spec.template.spec.restartPolicy", template.getSpec().getRestartPolicy(), List.of("Always"));
        }
        if (template.getSpec().hasActiveDeadlineSeconds()) {
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
        }
    }

    /** An absent selector matches nothing, an empty one everything. */
    private static void labels(Errors errors, PodTemplateSpec template, boolean present, LabelSelector selector) {
        Map<String, String> labels = template.getMetadata().getLabelsMap();
        boolean empty = selector.getMatchLabelsCount() == 0 && selector.getMatchExpressionsCount() == 0;
        try {
            if (!present || (!empty && !LabelSelectors.of(selector).matches(labels))) {
                errors.invalid(
                        "spec.template.metadata.labels",
                        Errors.bare(json(labels)),
                        "`selector` does not match template `labels`");
            }
        } catch (IllegalArgumentException e) {
            errors.invalid("spec.selector", Errors.shown(selector), "invalid label selector");
        }
    }

    private static String json(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "null";
        }
        StringBuilder text = new StringBuilder("{");
        new TreeMap<>(labels)
                .forEach((key, value) -> text.append(text.length() > 1 ? "," : "")
                        .append('"')
                        .append(key)
                        .append("\":\"")
                        .append(value)
                        .append('"'));
        return text.append('}').toString();
    }

    static void replicaSet(Errors errors, ReplicaSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        errors.notNegative("spec.replicas", set.getSpec().getReplicas());
        errors.notNegative("spec.minReadySeconds", set.getSpec().getMinReadySeconds());
        selector(errors, set.getSpec().hasSelector(), set.getSpec().getSelector(), "deployment");
        template(
                errors,
                set.getSpec().getTemplate(),
                set.getSpec().hasSelector(),
                set.getSpec().getSelector());
    }

    static void replicaSetUpdate(Errors errors, ReplicaSet set, ReplicaSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        replicaSet(errors, set);
        errors.unchanged(
                "spec.selector", set.getSpec().getSelector(), old.getSpec().getSelector());
    }

    static void replicationController(Errors errors, ReplicationController controller) {
        MetaRules.check(errors, controller.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        errors.notNegative("spec.minReadySeconds", controller.getSpec().getMinReadySeconds());
        if (controller.getSpec().getSelectorCount() == 0) {
            errors.required("spec.selector");
        }
        errors.notNegative("spec.replicas", controller.getSpec().getReplicas());
        if (!controller.getSpec().hasTemplate()) {
            errors.required("spec.template");
        } else {
            LabelSelector selector = LabelSelector.newBuilder()
                    .putAllMatchLabels(controller.getSpec().getSelectorMap())
                    .build();
            template(errors, controller.getSpec().getTemplate(), true, selector);
        }
    }

    static void statefulSet(Errors errors, StatefulSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Label);
        StatefulSetSpec spec = set.getSpec();
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
                        typed(spec.getUpdateStrategy().getType()),
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
        if (!spec.getServiceName().isEmpty()) {
            errors.invalid("spec.serviceName", spec.getServiceName(), Names.dns1123Label(spec.getServiceName()));
        }
        errors.notNegative("spec.replicas", spec.getReplicas());
        errors.notNegative("spec.minReadySeconds", spec.getMinReadySeconds());
        errors.notNegative("spec.ordinals.start", spec.getOrdinals().getStart());
        selector(errors, spec.hasSelector(), spec.getSelector(), "statefulset");
        template(errors, spec.getTemplate(), spec.hasSelector(), spec.getSelector());
    }

    static void statefulSetUpdate(Errors errors, StatefulSet set, StatefulSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        statefulSet(errors, set);
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

    static void daemonSet(Errors errors, DaemonSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        DaemonSetSpec spec = set.getSpec();
        CommonRules.selector(errors, spec.getSelector(), "spec.selector");
        boolean empty = spec.getSelector().getMatchLabelsCount() == 0
                && spec.getSelector().getMatchExpressionsCount() == 0;
        labels(errors, spec.getTemplate(), spec.hasSelector(), spec.getSelector());
        if (spec.hasSelector() && empty) {
            errors.invalid(
                    "spec.selector", Errors.shown(spec.getSelector()), "empty selector is invalid for daemonset");
        }
        PodRules.template(errors, spec.getTemplate(), "spec.template");
        String policy = spec.getTemplate().getSpec().getRestartPolicy();
        if (!policy.equals("Always")) {
            errors.notSupported("spec.template.spec.restartPolicy", policy, List.of("Always"));
        }
        if (spec.getTemplate().getSpec().hasActiveDeadlineSeconds()) {
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in DaemonSet is not Supported");
        }
        errors.notNegative("spec.minReadySeconds", spec.getMinReadySeconds());
        daemonSetStrategy(errors, spec);
        errors.notNegative("spec.revisionHistoryLimit", spec.getRevisionHistoryLimit());
    }

    private static void daemonSetStrategy(Errors errors, DaemonSetSpec spec) {
        String at = "spec.updateStrategy.rollingUpdate";
        switch (spec.getUpdateStrategy().getType()) {
            case "OnDelete" -> {
                // Nothing more to say.
            }
            case "RollingUpdate" -> {
                if (!spec.getUpdateStrategy().hasRollingUpdate()) {
                    errors.required(at);
                    return;
                }
                IntOrString unavailable =
                        spec.getUpdateStrategy().getRollingUpdate().getMaxUnavailable();
                IntOrString surge = spec.getUpdateStrategy().getRollingUpdate().getMaxSurge();
                CommonRules.positiveIntOrPercent(errors, unavailable, at + ".maxUnavailable");
                CommonRules.positiveIntOrPercent(errors, surge, at + ".maxSurge");
                CommonRules.atMostAll(errors, unavailable, at + ".maxUnavailable");
                CommonRules.atMostAll(errors, surge, at + ".maxSurge");
                boolean none = isZero(unavailable);
                boolean still = isZero(surge);
                if (none == still) {
                    if (none) {
                        errors.required(at + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
                    } else {
                        errors.invalid(
                                at + ".maxSurge", shown(surge), "may not be set when maxUnavailable is non-zero");
                    }
                }
            }
            default ->
                errors.notSupported(
                        "spec.updateStrategy",
                        typed(spec.getUpdateStrategy().getType()),
                        List.of("RollingUpdate", "OnDelete"));
        }
    }

    static void daemonSetUpdate(Errors errors, DaemonSet set, DaemonSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        daemonSet(errors, set);
        errors.unchanged(
                "spec.selector", set.getSpec().getSelector(), old.getSpec().getSelector());
    }
}
