package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentSpec;
import io.jollyboat.api.apps.v1.DeploymentStrategy;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of deployments. */
final class DeploymentRules {
    private DeploymentRules() {}

    static void deployment(Errors errors, Deployment deployment) {
        MetaRules.check(errors, deployment.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        DeploymentSpec spec = deployment.getSpec();
        errors.notNegative("spec.replicas", spec.getReplicas());
        WorkloadRules.selector(errors, spec.hasSelector(), spec.getSelector(), "deployment");
        WorkloadRules.template(errors, spec.getTemplate(), spec.hasSelector(), spec.getSelector());
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
                deployment.getSpec().hasSelector(),
                deployment.getSpec().getSelector(),
                old.getSpec().hasSelector(),
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
                    if (WorkloadRules.isZero(unavailable) && WorkloadRules.isZero(surge)) {
                        errors.invalid(
                                at + ".maxUnavailable",
                                WorkloadRules.shown(unavailable),
                                "may not be 0 when `maxSurge` is 0");
                    }
                    CommonRules.atMostAll(errors, unavailable, at + ".maxUnavailable");
                }
            }
            default ->
                errors.notSupported(
                        path, WorkloadRules.typed(strategy.getType()), List.of("Recreate", "RollingUpdate"));
        }
    }
}
