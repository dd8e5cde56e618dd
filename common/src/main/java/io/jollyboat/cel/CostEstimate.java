package io.jollyboat.cel;

/** A range of costs or sizes; the greatest long stands for what has no bound. */
public record CostEstimate(long min, long max) {

    static final CostEstimate ZERO = fixed(0);
    static final CostEstimate ONE = fixed(1);
    static final CostEstimate UNKNOWN = new CostEstimate(0, Long.MAX_VALUE);

    /** A range of one value. */
    public static CostEstimate fixed(long value) {
        return new CostEstimate(value, value);
    }

    CostEstimate plus(CostEstimate other) {
        return new CostEstimate(add(min, other.min), add(max, other.max));
    }

    CostEstimate times(CostEstimate other) {
        return new CostEstimate(multiply(min, other.min), multiply(max, other.max));
    }

    CostEstimate times(double factor) {
        return new CostEstimate(multiply(min, factor), multiply(max, factor));
    }

    CostEstimate union(CostEstimate other) {
        return new CostEstimate(Math.min(min, other.min), Math.max(max, other.max));
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long multiply(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }

    private static long multiply(long a, double factor) {
        if (a == Long.MAX_VALUE && factor > 0) {
            return factor >= 1 ? Long.MAX_VALUE : (long) Math.ceil(a * factor);
        }
        return (long) Math.ceil(a * factor);
    }
}
