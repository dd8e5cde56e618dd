package io.jollyboat.scheduler.framework;

import java.util.Collection;
import java.util.List;

/** The nodes as they are in one attempt; does not change during it. */
public interface ClusterSnapshot {
    /** In the order of their examination: zones take turns. */
    List<? extends NodeView> nodes();

    /** Some pod on some node has rules about other pods. */
    boolean hasRules();

    /** Those with pods that have rules about other pods. */
    Collection<? extends NodeView> nodesWithRules();

    /** Changes when pods with rules about others come or go, or a node's labels change. */
    long rulesVersion();

    /** Null when there is none. */
    NodeView node(String name);

    /** Changes with every change of any node or of the pods on it. */
    long version();

    /** Changes when nodes come or go or have other images. */
    long imagesVersion();

    /** On how many nodes the image is. */
    int nodesWithImage(String name);
}
