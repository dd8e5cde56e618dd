package io.jollyboat.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What a closed loop did.
 *
 * @param bytes of response bodies
 * @param latencies in microseconds
 * @param firstFailure a status and body, or an exception; empty when all went well
 */
public record LoadResult(
        long operations, long failures, long nanos, long bytes, Histogram latencies, String firstFailure) {
    public double perSecond() {
        return operations * 1e9 / nanos;
    }

    public double percentileMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    /** IllegalStateException when something failed: a figure with errors in it means nothing. */
    public LoadResult orFail(String what) {
        if (failures > 0) {
            throw new IllegalStateException(
                    what + ": " + failures + " requests failed, the first with " + firstFailure);
        }
        return this;
    }
}
