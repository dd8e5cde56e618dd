package io.jollyboat.scheduler.framework;

import java.util.List;

/** The nodes as they are in one attempt; does not change during it. */
public interface ClusterSnapshot {
    /** In the order of their examination: zones take turns. */
    List<? extends NodeView> nodes();

    /** Null when there is none. */
    NodeView node(String name);

    /** Changes with every change of any node or of the pods on it. */
    long version();

    /** Changes when nodes come or go or have other images. */
    long imagesVersion();

    /** On how many nodes the image is. */
    int nodesWithImage(String name);
}
