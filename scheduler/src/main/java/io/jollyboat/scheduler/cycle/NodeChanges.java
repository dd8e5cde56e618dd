package io.jollyboat.scheduler.cycle;

import io.jollyboat.api.core.v1.Node;

/** Which of a node's many updates matter. */
final class NodeChanges {
    private NodeChanges() {}

    /** Not so a heartbeat. */
    static boolean concernScheduling(Node before, Node after) {
        return before.getSpec().getUnschedulable() != after.getSpec().getUnschedulable()
                || !before.getSpec().getTaintsList().equals(after.getSpec().getTaintsList())
                || !before.getMetadata()
                        .getLabelsMap()
                        .equals(after.getMetadata().getLabelsMap())
                || !before.getStatus()
                        .getAllocatableMap()
                        .equals(after.getStatus().getAllocatableMap())
                || !before.getStatus().getImagesList().equals(after.getStatus().getImagesList());
    }
}
