package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.DaemonSetSpec;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of daemon sets. */
final class DaemonSetRules {
    private DaemonSetRules() {}

    static void daemonSet(Errors errors, DaemonSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        DaemonSetSpec spec = set.getSpec();
        CommonRules.selector(errors, spec.getSelector(), "spec.selector");
        boolean empty = spec.getSelector().getMatchLabelsCount() == 0
                && spec.getSelector().getMatchExpressionsCount() == 0;
        WorkloadRules.labels(errors, spec.getTemplate(), spec.hasSelector(), spec.getSelector());
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
                boolean none = WorkloadRules.isZero(unavailable);
                boolean still = WorkloadRules.isZero(surge);
                if (none == still) {
                    if (none) {
                        errors.required(at + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
                    } else {
                        errors.invalid(
                                at + ".maxSurge",
                                WorkloadRules.shown(surge),
                                "may not be set when maxUnavailable is non-zero");
                    }
                }
            }
            default ->
                errors.notSupported(
                        "spec.updateStrategy",
                        WorkloadRules.typed(spec.getUpdateStrategy().getType()),
                        List.of("RollingUpdate", "OnDelete"));
        }
    }

    static void daemonSetUpdate(Errors errors, DaemonSet set, DaemonSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged(
                "spec.selector",
                set.getSpec().hasSelector(),
                set.getSpec().getSelector(),
                old.getSpec().hasSelector(),
                old.getSpec().getSelector());
        daemonSet(errors, set);
    }
}
