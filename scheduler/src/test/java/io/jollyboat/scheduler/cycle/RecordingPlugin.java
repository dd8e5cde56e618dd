package io.jollyboat.scheduler.cycle;

import io.jollyboat.scheduler.framework.BindPlugin;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.Diagnosis;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PermitPlugin;
import io.jollyboat.scheduler.framework.PermitResult;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PostBindPlugin;
import io.jollyboat.scheduler.framework.PostFilterPlugin;
import io.jollyboat.scheduler.framework.PostFilterResult;
import io.jollyboat.scheduler.framework.PreBindPlugin;
import io.jollyboat.scheduler.framework.PreEnqueuePlugin;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ReservePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has every extension point but QueueSort, of which there is one, and stands in nobody's way. */
final class RecordingPlugin
        implements PreEnqueuePlugin,
                PreFilterPlugin,
                FilterPlugin,
                PostFilterPlugin,
                PreScorePlugin,
                ScorePlugin,
                ReservePlugin,
                PermitPlugin,
                PreBindPlugin,
                BindPlugin,
                PostBindPlugin {
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile boolean failPreBind;

    @Override
    public String name() {
        return "Recording";
    }

    @Override
    public Optional<String> gate(PodInfo pod) {
        calls.add("gate");
        return Optional.empty();
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        calls.add("preFilter");
        return PreFilterResult.PROCEED;
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        calls.add("filter");
        return FilterResult.FITS;
    }

    @Override
    public PostFilterResult postFilter(CycleState state, PodInfo pod, Diagnosis diagnosis, ClusterSnapshot snapshot) {
        calls.add("postFilter");
        return new PostFilterResult.NotHelped("");
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        calls.add("preScore");
        return true;
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        calls.add("score");
        return 1;
    }

    @Override
    public void normalize(long[] scores, int count) {
        calls.add("normalize");
    }

    @Override
    public FilterResult reserve(CycleState state, PodInfo pod, String nodeName) {
        calls.add("reserve");
        return FilterResult.FITS;
    }

    @Override
    public void unreserve(CycleState state, PodInfo pod, String nodeName) {
        calls.add("unreserve");
    }

    @Override
    public PermitResult permit(CycleState state, PodInfo pod, String nodeName) {
        calls.add("permit");
        return PermitResult.ALLOWED;
    }

    @Override
    public void preBind(CycleState state, PodInfo pod, String nodeName) {
        calls.add("preBind");
        if (failPreBind) {
            throw new IllegalStateException("not ready");
        }
    }

    /** Leaves the pod to the next. */
    @Override
    public boolean bind(CycleState state, PodInfo pod, String nodeName) {
        calls.add("bind");
        return false;
    }

    @Override
    public void postBind(CycleState state, PodInfo pod, String nodeName) {
        calls.add("postBind");
    }
}
