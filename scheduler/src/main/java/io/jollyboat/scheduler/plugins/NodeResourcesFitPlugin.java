package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.ResourceVector;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node must have room for what the pod asks for; the one with most room left is best (LeastAllocated). */
final class NodeResourcesFitPlugin implements FilterPlugin, ScorePlugin {
    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        ResourceVector asked = pod.requests();
        Shortage shortage = new Shortage();
        if (node.podCount() + 1 > node.allowedPods()) {
            shortage.add("Too many pods", true);
        }
        shortage.check("cpu", asked.milliCpu(), node.requestedMilliCpu(), node.allocatableMilliCpu());
        shortage.check("memory", asked.memory(), node.requestedMemory(), node.allocatableMemory());
        shortage.check(
                "ephemeral-storage",
                asked.ephemeralStorage(),
                node.requestedEphemeralStorage(),
                node.allocatableEphemeralStorage());
        for (Map.Entry<String, Long> scalar : asked.scalars().entrySet()) {
            String resource = scalar.getKey();
            shortage.check(resource, scalar.getValue(), node.requested(resource), node.allocatable(resource));
        }
        return shortage.result();
    }

    /** What there is too little of. Made only when there is some. */
    private static final class Shortage {
        private List<String> reasons;
        private boolean resolvable = true;

        void check(String resource, long asked, long used, long capacity) {
            if (asked > 0 && asked > capacity - used) {
                add("Insufficient " + resource, asked <= capacity);
            }
        }

        void add(String reason, boolean canBeResolved) {
            if (reasons == null) {
                reasons = new ArrayList<>(2);
            }
            reasons.add(reason);
            resolvable &= canBeResolved;
        }

        FilterResult result() {
            return reasons == null ? FilterResult.FITS : new FilterResult.Unschedulable(reasons, resolvable);
        }
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        ResourceVector asked = pod.nonZeroRequests();
        long sum = 0;
        int resources = 0;
        if (node.allocatableMilliCpu() != 0) {
            sum += free(node.nonZeroMilliCpu() + asked.milliCpu(), node.allocatableMilliCpu());
            resources++;
        }
        if (node.allocatableMemory() != 0) {
            sum += free(node.nonZeroMemory() + asked.memory(), node.allocatableMemory());
            resources++;
        }
        return resources == 0 ? 0 : sum / resources;
    }

    private static long free(long requested, long capacity) {
        return requested > capacity ? 0 : (capacity - requested) * MAX / capacity;
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            case ClusterEvent.NodeAdded added -> Hint.queueIf(fitsEmpty(pod, allocatable(added.node())));
            case ClusterEvent.NodeUpdated updated -> {
                ResourceVector after = allocatable(updated.after());
                yield Hint.queueIf(
                        fitsEmpty(pod, after) && offersMore(pod.requests(), allocatable(updated.before()), after));
            }
            case ClusterEvent.PodRemoved _ -> Hint.QUEUE;
            case ClusterEvent.PlacedPodUpdated updated ->
                Hint.queueIf(asksLess(
                        pod.requests(),
                        updated.before().requests(),
                        updated.after().requests()));
            case ClusterEvent.WaitingPodUpdated updated ->
                Hint.queueIf(!updated.before().requests().equals(updated.after().requests()));
            case ClusterEvent.NodeDeleted _, ClusterEvent.PodPlaced _ -> Hint.SKIP;
        };
    }

    private static ResourceVector allocatable(Node node) {
        return ResourceVector.of(node.getStatus().getAllocatableMap());
    }

    private static boolean fitsEmpty(PodInfo pod, ResourceVector node) {
        ResourceVector asked = pod.requests();
        return node.pods() >= 1
                && asked.milliCpu() <= node.milliCpu()
                && asked.memory() <= node.memory()
                && asked.ephemeralStorage() <= node.ephemeralStorage()
                && asked.scalars().entrySet().stream().allMatch(e -> e.getValue() <= node.scalar(e.getKey()));
    }

    private static boolean offersMore(ResourceVector asked, ResourceVector before, ResourceVector after) {
        return after.pods() > before.pods() || asksLess(asked, after, before);
    }

    /** Of a resource that the waiting pod asks for, the second has less than the first. */
    private static boolean asksLess(ResourceVector asked, ResourceVector first, ResourceVector second) {
        return (asked.milliCpu() > 0 && first.milliCpu() > second.milliCpu())
                || (asked.memory() > 0 && first.memory() > second.memory())
                || (asked.ephemeralStorage() > 0 && first.ephemeralStorage() > second.ephemeralStorage())
                || asked.scalars().entrySet().stream()
                        .anyMatch(e -> e.getValue() > 0 && first.scalar(e.getKey()) > second.scalar(e.getKey()));
    }
}
