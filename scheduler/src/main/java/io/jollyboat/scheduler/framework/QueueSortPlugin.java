package io.jollyboat.scheduler.framework;

/** The order in which waiting pods get their turn. A profile has exactly one. */
public interface QueueSortPlugin extends Plugin {
    /** Negative when the first is to come before the second; pods that are equal come in the order of their arrival. */
    int compare(PodInfo first, PodInfo second);
}
