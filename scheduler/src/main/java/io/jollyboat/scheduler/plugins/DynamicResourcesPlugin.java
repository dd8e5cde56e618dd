package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.Diagnosis;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PostFilterPlugin;
import io.jollyboat.scheduler.framework.PostFilterResult;

/** Would free claimed devices; as no pod with claims is placed, there never are any. Its word is in upstream's text. */
final class DynamicResourcesPlugin implements PostFilterPlugin {
    private static final PostFilterResult NOTHING = new PostFilterResult.NotHelped("no new claims to deallocate");

    @Override
    public String name() {
        return "DynamicResources";
    }

    @Override
    public PostFilterResult postFilter(CycleState state, PodInfo pod, Diagnosis diagnosis, ClusterSnapshot snapshot) {
        return NOTHING;
    }
}
