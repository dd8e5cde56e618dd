package io.jollyboat.cel;

import java.util.List;

/** Says how large values may be that come from outside of an expression. */
@FunctionalInterface
public interface SizeEstimator {

    /** Knows no sizes. */
    SizeEstimator NONE = path -> null;

    /**
     * The size of the value on a path, or null if it is not known. The first element is a variable, the others are field
     * names, {@code @items}, {@code @keys}, {@code @values} or {@code @indices}.
     */
    CostEstimate size(List<String> path);
}
