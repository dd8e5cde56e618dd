package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.QueueSortPlugin;

/** Higher priority first. */
final class PrioritySortPlugin implements QueueSortPlugin {
    @Override
    public String name() {
        return "PrioritySort";
    }

    @Override
    public int compare(PodInfo first, PodInfo second) {
        return Integer.compare(second.priority(), first.priority());
    }
}
