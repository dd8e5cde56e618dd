package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.List;

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer taints that ask for it. */
final class TaintTolerationPlugin implements FilterPlugin, PreScorePlugin, ScorePlugin {
    private static final FilterResult UNTOLERATED = FilterResult.unresolvable("node(s) had untolerated taint(s)");
    private static final CycleState.Key<List<Toleration>> PREFERENCES = new CycleState.Key<>("TaintToleration");

    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        return Tolerations.hasUntolerated(
                        node.node().getSpec().getTaintsList(),
                        pod.pod().getSpec().getTolerationsList())
                ? UNTOLERATED
                : FilterResult.FITS;
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        state.put(
                PREFERENCES,
                pod.pod().getSpec().getTolerationsList().stream()
                        .filter(t -> t.getEffect().isEmpty() || t.getEffect().equals("PreferNoSchedule"))
                        .toList());
        return true;
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        List<Toleration> tolerations = state.get(PREFERENCES);
        long intolerable = 0;
        for (Taint taint : node.node().getSpec().getTaintsList()) {
            if (taint.getEffect().equals("PreferNoSchedule") && !Tolerations.tolerate(tolerations, taint)) {
                intolerable++;
            }
        }
        return intolerable;
    }

    @Override
    public void normalize(long[] scores, int count) {
        ScorePlugin.scale(scores, count, true);
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        List<Toleration> tolerations = pod.pod().getSpec().getTolerationsList();
        return switch (event) {
            case ClusterEvent.NodeAdded added ->
                Hint.queueIf(!Tolerations.hasUntolerated(added.node().getSpec().getTaintsList(), tolerations));
            case ClusterEvent.NodeUpdated updated ->
                Hint.queueIf(Tolerations.hasUntolerated(
                                updated.before().getSpec().getTaintsList(), tolerations)
                        && !Tolerations.hasUntolerated(updated.after().getSpec().getTaintsList(), tolerations));
            case ClusterEvent.WaitingPodUpdated updated ->
                Hint.queueIf(!updated.before()
                        .pod()
                        .getSpec()
                        .getTolerationsList()
                        .equals(updated.after().pod().getSpec().getTolerationsList()));
            case ClusterEvent.NodeDeleted _,
                    ClusterEvent.PodPlaced _,
                    ClusterEvent.PlacedPodUpdated _,
                    ClusterEvent.PodRemoved _ -> Hint.SKIP;
        };
    }
}
