package io.jollyboat.scheduler.framework;

/** Says how well a pod would do on a node that it fits. */
public interface ScorePlugin extends Plugin {
    long MAX = 100;

    /** More is better; from 0 to {@link #MAX} unless {@link #normalize} makes it so. */
    long score(CycleState state, PodInfo pod, NodeView node);

    /** Brings the scores of all nodes, the first {@code count} of the array, into the range. */
    default void normalize(long[] scores, int count) {}

    /** Scales to the highest score; reversed, the highest becomes 0 and 0 becomes {@link #MAX}. */
    static void scale(long[] scores, int count, boolean reversed) {
        long highest = 0;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, scores[i]);
        }
        for (int i = 0; i < count; i++) {
            long scaled = highest == 0 ? 0 : MAX * scores[i] / highest;
            scores[i] = reversed ? MAX - scaled : scaled;
        }
    }
}
