/**
 * ReplicaSets and ReplicationControllers: as many pods as wanted. Pods are created in growing batches, deleted in
 * upstream's order of worth, adopted and released by the selector.
 */
package io.jollyboat.controllers.replicaset;
