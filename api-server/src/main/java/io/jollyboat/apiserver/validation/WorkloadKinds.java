package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.ControllerRevision;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.node.v1.RuntimeClass;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.api.scheduling.v1.PriorityClass;

/** Validators of what runs pods, and of what cares for them. */
final class WorkloadKinds {
    private WorkloadKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(Deployment.class, DeploymentRules::deployment, DeploymentRules::deploymentUpdate);
        registry.subresource(Deployment.class, "status", StatusRules::deployment);
        registry.add(ReplicaSet.class, WorkloadRules::replicaSet, WorkloadRules::replicaSetUpdate);
        registry.subresource(ReplicaSet.class, "status", StatusRules::replicaSet);
        registry.add(StatefulSet.class, StatefulSetRules::statefulSet, StatefulSetRules::statefulSetUpdate);
        registry.subresource(StatefulSet.class, "status", StatusRules::statefulSet);
        registry.add(DaemonSet.class, DaemonSetRules::daemonSet, DaemonSetRules::daemonSetUpdate);
        registry.subresource(DaemonSet.class, "status", StatusRules::daemonSet);
        registry.add(ControllerRevision.class, ControllerRevisionRules::create, ControllerRevisionRules::update);
        registry.add(Job.class, JobRules::create, JobRules::update);
        registry.subresource(Job.class, "status", JobStatusRules::update);
        registry.add(CronJob.class, CronJobRules::create, CronJobRules::update);
        registry.add(HorizontalPodAutoscaler.class, AutoscalerRules::create, AutoscalerRules::update);
        registry.add(
                io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler.class,
                AutoscalerRules::createOld,
                AutoscalerRules::updateOld);
        registry.subresource(HorizontalPodAutoscaler.class, "status", AutoscalerRules::statusUpdate);
        registry.add(PodDisruptionBudget.class, PolicyRules::disruptionBudget);
        registry.subresource(PodDisruptionBudget.class, "status", PolicyRules::disruptionBudgetStatus);
        registry.add(PriorityClass.class, PolicyRules::priorityClass, PolicyRules::priorityClassUpdate);
        registry.add(RuntimeClass.class, RuntimeClassRules::create, RuntimeClassRules::update);
        registry.add(Lease.class, PolicyRules::lease);
    }
}
