package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ResourceVector;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.List;

/** Prefers nodes on which the pod brings the shares of CPU and memory in use closer together. */
final class BalancedAllocationPlugin implements PreScorePlugin, ScorePlugin {
    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        // Pods that ask for nothing would all go to one node.
        return pod.requests().milliCpu() != 0 || pod.requests().memory() != 0;
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        ResourceVector asked = pod.requests();
        long with = balance(
                node.requestedMilliCpu() + asked.milliCpu(),
                node.allocatableMilliCpu(),
                node.requestedMemory() + asked.memory(),
                node.allocatableMemory());
        long without = balance(
                node.requestedMilliCpu(), node.allocatableMilliCpu(), node.requestedMemory(), node.allocatableMemory());
        // Each is from 50 to 100; half the difference, around 75.
        return MAX / 2 + (MAX / 2 + with - without) / 2;
    }

    private static long balance(long cpu, long cpuCapacity, long memory, long memoryCapacity) {
        if (cpuCapacity == 0 || memoryCapacity == 0) {
            return MAX; // one resource is in balance with itself
        }
        double cpuShare = Math.min(1, (double) cpu / cpuCapacity);
        double memoryShare = Math.min(1, (double) memory / memoryCapacity);
        // The standard deviation of two numbers.
        double deviation = Math.abs((cpuShare - memoryShare) / 2);
        return (long) ((1 - deviation) * MAX);
    }
}
