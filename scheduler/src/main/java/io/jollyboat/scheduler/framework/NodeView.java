package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Node;
import java.util.Collection;

/** A node and what is used on it, by pods that are there and pods on their way. */
public interface NodeView {
    Node node();

    String name();

    long allocatableMilliCpu();

    long allocatableMemory();

    long allocatableEphemeralStorage();

    int allowedPods();

    long requestedMilliCpu();

    long requestedMemory();

    long requestedEphemeralStorage();

    /** Pods that ask for nothing counted as if they asked for a little. */
    long nonZeroMilliCpu();

    long nonZeroMemory();

    int podCount();

    /** Of an extended resource, huge pages and the like; 0 where the node has none. */
    long allocatable(String resource);

    long requested(String resource);

    Collection<PodInfo> pods();

    HostPorts usedPorts();

    /** Bytes of the image, or -1 where the node does not have it. */
    long imageSize(String name);
}
