package io.jollyboat.scheduler.state;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.ResourceVector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All nodes and the pods on them. One thread only. */
final class NodeTable implements ClusterSnapshot {
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String REGION = "topology.kubernetes.io/region";

    private final NodeColumns columns = new NodeColumns();
    private final Map<String, NodeRow> byName = new HashMap<>();
    private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
    private final Map<String, Integer> imageCounts = new HashMap<>();
    private int nextIndex;
    private long version;
    private long imagesVersion;
    private long rulesVersion;
    private final Set<NodeRow> ruled = new LinkedHashSet<>();
    // Null after nodes came, went or moved to another zone.
    private List<NodeRow> order;

    @Override
    public List<NodeRow> nodes() {
        if (order == null) {
            order = zonesInTurn();
        }
        return order;
    }

    @Override
    public NodeRow node(String name) {
        NodeRow row = byName.get(name);
        return row == null || row.node() == null ? null : row;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public long imagesVersion() {
        return imagesVersion;
    }

    @Override
    public int nodesWithImage(String name) {
        return imageCounts.getOrDefault(name, 0);
    }

    @Override
    public boolean hasRules() {
        return !ruled.isEmpty();
    }

    @Override
    public List<NodeRow> nodesWithRules() {
        return ruled.stream().filter(row -> row.node() != null).toList();
    }

    @Override
    public long rulesVersion() {
        return rulesVersion;
    }

    void putNode(Node node) {
        NodeRow row = row(node.getMetadata().getName());
        Node before = row.node();
        if (before == null || !zone(before).equals(zone(node))) {
            order = null;
        }
        if (before == null
                || !before.getMetadata()
                        .getLabelsMap()
                        .equals(node.getMetadata().getLabelsMap())) {
            rulesVersion++;
        }
        if (before == null
                || !before.getStatus().getImagesList().equals(node.getStatus().getImagesList())) {
            imagesVersion++;
            countImages(row, -1);
            row.setNode(node);
            countImages(row, 1);
        } else {
            row.setNode(node);
        }
        columns.setAllocatable(row.index(), ResourceVector.of(node.getStatus().getAllocatableMap()));
        touch(row);
    }

    void removeNode(String name) {
        NodeRow row = byName.get(name);
        if (row == null || row.node() == null) {
            return;
        }
        countImages(row, -1);
        imagesVersion++;
        rulesVersion++;
        row.setNode(null);
        columns.setAllocatable(row.index(), ResourceVector.ZERO);
        order = null;
        touch(row);
        releaseIfEmpty(row);
    }

    void addPod(String nodeName, PodInfo pod) {
        NodeRow row = row(nodeName);
        row.addPod(pod);
        noteRules(row, pod);
        columns.addRequested(row.index(), pod.requests(), pod.nonZeroRequests(), 1);
        touch(row);
    }

    void removePod(String nodeName, PodInfo pod) {
        NodeRow row = byName.get(nodeName);
        row.removePod(pod);
        noteRules(row, pod);
        columns.addRequested(row.index(), pod.requests(), pod.nonZeroRequests(), -1);
        touch(row);
        releaseIfEmpty(row);
    }

    private void noteRules(NodeRow row, PodInfo changed) {
        if (changed.rules().isEmpty()) {
            return;
        }
        rulesVersion++;
        if (row.hasRules()) {
            ruled.add(row);
        } else {
            ruled.remove(row);
        }
    }

    private NodeRow row(String name) {
        return byName.computeIfAbsent(name, n -> {
            int index = freeIndexes.isEmpty() ? nextIndex++ : freeIndexes.remove();
            columns.ensure(index + 1);
            return new NodeRow(columns, index, n);
        });
    }

    private void releaseIfEmpty(NodeRow row) {
        if (row.node() == null && row.podCount() == 0) {
            byName.remove(row.name());
            freeIndexes.add(row.index());
        }
    }

    private void touch(NodeRow row) {
        columns.version[row.index()] = ++version;
    }

    private void countImages(NodeRow row, int sign) {
        for (String image : row.images().keySet()) {
            imageCounts.merge(image, sign, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    private List<NodeRow> zonesInTurn() {
        Map<String, ArrayDeque<NodeRow>> zones = new TreeMap<>();
        byName.values().stream()
                .filter(row -> row.node() != null)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(row -> zones.computeIfAbsent(zone(row.node()), z -> new ArrayDeque<>())
                        .add(row));
        List<NodeRow> rows = new ArrayList<>();
        while (!zones.isEmpty()) {
            zones.values().removeIf(zone -> {
                rows.add(zone.remove());
                return zone.isEmpty();
            });
        }
        return rows;
    }

    private static String zone(Node node) {
        Map<String, String> labels = node.getMetadata().getLabelsMap();
        return labels.getOrDefault(REGION, "") + " " + labels.getOrDefault(ZONE, "");
    }
}
