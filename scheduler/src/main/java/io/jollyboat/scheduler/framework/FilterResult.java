package io.jollyboat.scheduler.framework;

import java.util.List;

/** Whether a pod fits, and if not, why. */
public sealed interface FilterResult {
    Fits FITS = new Fits();

    record Fits() implements FilterResult {}

    /**
     * @param reasons in upstream's words; they are counted over all nodes
     * @param resolvable whether the removal of pods could help
     */
    record Unschedulable(List<String> reasons, boolean resolvable) implements FilterResult {
        public Unschedulable {
            reasons = List.copyOf(reasons);
        }
    }

    /** Not a matter of fit: the attempt is broken off and repeated. */
    record Failed(String reason) implements FilterResult {}

    static Unschedulable resolvable(String reason) {
        return new Unschedulable(List.of(reason), true);
    }

    static Unschedulable unresolvable(String reason) {
        return new Unschedulable(List.of(reason), false);
    }
}
