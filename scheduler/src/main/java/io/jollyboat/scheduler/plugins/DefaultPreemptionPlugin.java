package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.Diagnosis;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PostFilterPlugin;
import io.jollyboat.scheduler.framework.PostFilterResult;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says of each node whether the removal of pods could help. It removes none yet: where pods of lower priority stand in the
 * way it says that they are not preempted.
 */
final class DefaultPreemptionPlugin implements PostFilterPlugin {
    @Override
    public String name() {
        return "DefaultPreemption";
    }

    @Override
    public PostFilterResult postFilter(CycleState state, PodInfo pod, Diagnosis diagnosis, ClusterSnapshot snapshot) {
        if (pod.pod().getSpec().getPreemptionPolicy().equals("Never")) {
            return new PostFilterResult.NotHelped("preemption: not eligible due to preemptionPolicy=Never.");
        }
        TreeMap<String, Integer> counts = new TreeMap<>();
        diagnosis.byNode().forEach((node, why) -> {
            String word = !why.resolvable()
                    ? "Preemption is not helpful for scheduling"
                    : hasLower(snapshot, node, pod.priority())
                            ? "Pods of lower priority are not preempted by this scheduler yet"
                            : "No preemption victims found for incoming pod";
            counts.merge(word, 1, Integer::sum);
        });
        int others = diagnosis.nodeCount() - diagnosis.byNode().size();
        if (others > 0) {
            counts.merge("Preemption is not helpful for scheduling", others, Integer::sum);
        }
        String list = counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return new PostFilterResult.NotHelped(
                "preemption: 0/" + diagnosis.nodeCount() + " nodes are available: " + list + ".");
    }

    private static boolean hasLower(ClusterSnapshot snapshot, String node, int priority) {
        return snapshot.node(node).pods().stream().anyMatch(p -> p.priority() < priority);
    }
}
