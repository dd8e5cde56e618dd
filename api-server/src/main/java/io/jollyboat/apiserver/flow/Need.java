package io.jollyboat.apiserver.flow;

/**
 * What a level wanted lately.
 *
 * @param highWatermark the most seats at one time
 * @param smoothed mean and deviation, slowly forgotten
 */
record Need(SeatLimits limits, int highWatermark, double smoothed, boolean exempt) {
    /** What it keeps in any case: an exempt level has what it used, others no more than their share. */
    int kept() {
        return Math.max(limits.least(), exempt ? highWatermark : Math.min(limits.nominal(), highWatermark));
    }

    SeatShares.Claim claim() {
        return new SeatShares.Claim(kept(), limits.most(), Math.max(kept(), smoothed));
    }
}
