/**
 * Deployments: a rollout from one ReplicaSet to the next, within the bounds of maxSurge and maxUnavailable, with
 * history, pause, proportional scaling and a progress deadline. {@link
 * io.jollyboat.controllers.deployment.DeploymentPlanner} decides, without side effects; {@link
 * io.jollyboat.controllers.deployment.DeploymentReconciler} gathers what it decides by and carries its actions out.
 */
package io.jollyboat.controllers.deployment;
