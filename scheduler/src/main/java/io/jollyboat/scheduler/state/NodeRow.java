package io.jollyboat.scheduler.state;

import io.jollyboat.api.core.v1.ContainerImage;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.scheduler.framework.HostPorts;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** One node: what is no figure, and a window on the columns. */
public final class NodeRow implements NodeView {
    private final NodeColumns columns;
    private final int index;
    private final String name;
    private final Map<String, PodInfo> pods = new LinkedHashMap<>();
    private final HostPorts usedPorts = new HostPorts();
    private Map<String, Long> images = Map.of();
    // Of which have rules about other pods.
    private int ruled;
    // Null while pods are known to be on the node and the node itself is not.
    private Node node;

    NodeRow(NodeColumns columns, int index, String name) {
        this.columns = columns;
        this.index = index;
        this.name = name;
    }

    /** Where the node's figures are; another node's when this one is gone. */
    public int index() {
        return index;
    }

    /** Changes with every change of the node or of the pods on it, and never comes back. */
    public long version() {
        return columns.version[index];
    }

    void setNode(Node next) {
        node = next;
        images = new HashMap<>();
        if (next != null) {
            for (ContainerImage image : next.getStatus().getImagesList()) {
                image.getNamesList().forEach(n -> images.put(n, image.getSizeBytes()));
            }
        }
    }

    void addPod(PodInfo pod) {
        pods.put(pod.uid(), pod);
        ruled += pod.rules().isEmpty() ? 0 : 1;
        usedPorts.add(pod.hostPorts());
    }

    void removePod(PodInfo pod) {
        pods.remove(pod.uid());
        ruled -= pod.rules().isEmpty() ? 0 : 1;
        usedPorts.remove(pod.hostPorts());
    }

    /** A pod here has rules about other pods. */
    boolean hasRules() {
        return ruled > 0;
    }

    Map<String, Long> images() {
        return images;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long allocatableMilliCpu() {
        return columns.allocatableMilliCpu[index];
    }

    @Override
    public long allocatableMemory() {
        return columns.allocatableMemory[index];
    }

    @Override
    public long allocatableEphemeralStorage() {
        return columns.allocatableEphemeral[index];
    }

    @Override
    public int allowedPods() {
        return columns.allowedPods[index];
    }

    @Override
    public long requestedMilliCpu() {
        return columns.requestedMilliCpu[index];
    }

    @Override
    public long requestedMemory() {
        return columns.requestedMemory[index];
    }

    @Override
    public long requestedEphemeralStorage() {
        return columns.requestedEphemeral[index];
    }

    @Override
    public long nonZeroMilliCpu() {
        return columns.nonZeroMilliCpu[index];
    }

    @Override
    public long nonZeroMemory() {
        return columns.nonZeroMemory[index];
    }

    @Override
    public int podCount() {
        return columns.podCount[index];
    }

    @Override
    public long allocatable(String resource) {
        return columns.allocatable(resource, index);
    }

    @Override
    public long requested(String resource) {
        return columns.requested(resource, index);
    }

    @Override
    public Collection<PodInfo> pods() {
        return Collections.unmodifiableCollection(pods.values());
    }

    @Override
    public HostPorts usedPorts() {
        return usedPorts;
    }

    @Override
    public long imageSize(String image) {
        return images.getOrDefault(image, -1L);
    }
}
