package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import java.util.List;
import java.util.Map;

/**
 * What a plan is made from.
 *
 * @param replicaSets those that the deployment controls
 * @param pods of each of them, by the ReplicaSet's uid
 */
record DeploymentView(Deployment deployment, List<ReplicaSet> replicaSets, Map<String, List<Pod>> pods) {}
