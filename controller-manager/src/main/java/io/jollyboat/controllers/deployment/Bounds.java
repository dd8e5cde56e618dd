package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentSpec;
import io.jollyboat.values.IntOrStrings;

/**
 * How far a rollout may leave the wanted number of pods.
 *
 * @param desired wanted replicas
 * @param maxSurge pods above it
 * @param maxUnavailable pods below it
 */
record Bounds(int desired, int maxSurge, int maxUnavailable) {
    static Bounds of(Deployment deployment) {
        DeploymentSpec spec = deployment.getSpec();
        int desired = spec.getReplicas();
        if (!isRolling(deployment)) {
            return new Bounds(desired, 0, 0);
        }
        int surge = IntOrStrings.scaled(spec.getStrategy().getRollingUpdate().getMaxSurge(), desired, true);
        int unavailable =
                IntOrStrings.scaled(spec.getStrategy().getRollingUpdate().getMaxUnavailable(), desired, false);
        if (surge == 0 && unavailable == 0) {
            // Percentages may round to nothing; something must be allowed to move.
            unavailable = 1;
        }
        return new Bounds(desired, surge, desired == 0 ? 0 : Math.min(unavailable, desired));
    }

    static boolean isRolling(Deployment deployment) {
        return deployment.getSpec().getStrategy().getType().equals("RollingUpdate");
    }

    int maxTotal() {
        return desired + maxSurge;
    }

    int minAvailable() {
        return desired - maxUnavailable;
    }
}
