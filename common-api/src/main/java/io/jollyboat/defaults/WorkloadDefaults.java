package io.jollyboat.defaults;

import io.jollyboat.api.apps.v1.DaemonSetUpdateStrategy;
import io.jollyboat.api.apps.v1.DeploymentStrategy;
import io.jollyboat.api.apps.v1.RollingUpdateDaemonSet;
import io.jollyboat.api.apps.v1.RollingUpdateDeployment;
import io.jollyboat.api.apps.v1.RollingUpdateStatefulSetStrategy;
import io.jollyboat.api.apps.v1.StatefulSetUpdateStrategy;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.values.IntOrStrings;
import java.util.Map;

/** Deployments, stateful sets, daemon sets and jobs. */
final class WorkloadDefaults {
    private WorkloadDefaults() {}

    static void register() {
        ComputedDefaults.add(DeploymentStrategy.getDefaultInstance(), WorkloadDefaults::deploymentStrategy);
        ComputedDefaults.add(DaemonSetUpdateStrategy.getDefaultInstance(), WorkloadDefaults::daemonSetStrategy);
        ComputedDefaults.add(StatefulSetUpdateStrategy.getDefaultInstance(), WorkloadDefaults::statefulSetStrategy);
        ComputedDefaults.add(Job.getDefaultInstance(), WorkloadDefaults::job);
    }

    private static boolean rolling(String type) {
        return type.isEmpty() || type.equals("RollingUpdate");
    }

    private static DeploymentStrategy deploymentStrategy(DeploymentStrategy strategy) {
        if (!rolling(strategy.getType())) {
            return strategy;
        }
        RollingUpdateDeployment.Builder update = strategy.getRollingUpdate().toBuilder();
        if (!update.hasMaxUnavailable()) {
            update.setMaxUnavailable(IntOrStrings.of("25%"));
        }
        if (!update.hasMaxSurge()) {
            update.setMaxSurge(IntOrStrings.of("25%"));
        }
        return strategy.toBuilder().setRollingUpdate(update).build();
    }

    private static DaemonSetUpdateStrategy daemonSetStrategy(DaemonSetUpdateStrategy strategy) {
        if (!rolling(strategy.getType())) {
            return strategy;
        }
        RollingUpdateDaemonSet.Builder update = strategy.getRollingUpdate().toBuilder();
        if (!update.hasMaxUnavailable()) {
            update.setMaxUnavailable(IntOrStrings.of(1));
        }
        if (!update.hasMaxSurge()) {
            update.setMaxSurge(IntOrStrings.of(0));
        }
        return strategy.toBuilder().setRollingUpdate(update).build();
    }

    private static StatefulSetUpdateStrategy statefulSetStrategy(StatefulSetUpdateStrategy strategy) {
        return strategy.getType().isEmpty() && !strategy.hasRollingUpdate()
                ? strategy.toBuilder()
                        .setRollingUpdate(RollingUpdateStatefulSetStrategy.getDefaultInstance())
                        .build()
                : strategy;
    }

    /** Not for the template in a cron job: its jobs get their defaults when they are made. */
    private static Job job(Job job) {
        Job.Builder builder = job.toBuilder();
        JobSpec.Builder spec = builder.getSpecBuilder();
        if (!spec.hasCompletions() && !spec.hasParallelism()) {
            spec.setCompletions(1);
        }
        if (!spec.hasParallelism()) {
            spec.setParallelism(1);
        }
        if (!spec.hasBackoffLimit()) {
            spec.setBackoffLimit(spec.hasBackoffLimitPerIndex() ? Integer.MAX_VALUE : 6);
        }
        if (!spec.hasCompletionMode()) {
            spec.setCompletionMode("NonIndexed");
        }
        if (!spec.hasSuspend()) {
            spec.setSuspend(false);
        }
        if (!spec.hasPodReplacementPolicy()) {
            spec.setPodReplacementPolicy(spec.hasPodFailurePolicy() ? "Failed" : "TerminatingOrFailed");
        }
        if (!spec.hasManualSelector()) {
            spec.setManualSelector(false);
        }
        Map<String, String> labels = spec.getTemplate().getMetadata().getLabelsMap();
        if (job.getMetadata().getLabelsCount() == 0 && !labels.isEmpty()) {
            builder.getMetadataBuilder().putAllLabels(labels);
        }
        return builder.build();
    }
}
