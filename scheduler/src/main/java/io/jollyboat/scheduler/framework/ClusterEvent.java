package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Node;

/** A change that may make a waiting pod fit. */
public sealed interface ClusterEvent {
    record NodeAdded(Node node) implements ClusterEvent {}

    /** Something that scheduling depends on has changed. */
    record NodeUpdated(Node before, Node after) implements ClusterEvent {}

    record NodeDeleted(Node node) implements ClusterEvent {}

    /** A pod has its place; others may want to be near. */
    record PodPlaced(PodInfo pod) implements ClusterEvent {}

    /** A pod that has its place changed its labels or what it asks for. */
    record PlacedPodUpdated(PodInfo before, PodInfo after) implements ClusterEvent {}

    /** A pod gave up its place: deleted, ended, or not bound in the end. */
    record PodRemoved(PodInfo pod) implements ClusterEvent {}

    /** The waiting pod itself was changed by its user. */
    record WaitingPodUpdated(PodInfo before, PodInfo after) implements ClusterEvent {}
}
