package io.jollyboat.apiserver.flow;

/** How many seats were wanted since one last looked: most, mean and deviation over time. Not thread-safe. */
final class SeatDemand {
    /** As upstream's: a level's demand is forgotten over some five minutes of ten-second periods. */
    private static final double SMOOTHING = 0.977;

    private int now;
    private long since;
    private double seconds;
    private double sum;
    private double squares;
    private int most;

    /** Of the last period. */
    private int highWatermark;

    private double smoothed;

    SeatDemand(long nanos) {
        this.since = nanos;
    }

    void set(int seats, long nanos) {
        pass(nanos);
        now = seats;
        most = Math.max(most, seats);
    }

    private void pass(long nanos) {
        double passed = Math.max(0, nanos - since) / 1e9;
        since = nanos;
        seconds += passed;
        sum += passed * now;
        squares += passed * now * now;
    }

    /** Ends the period and begins another. */
    void next(long nanos) {
        pass(nanos);
        highWatermark = most;
        if (seconds > 0) {
            double mean = sum / seconds;
            double envelope = mean + Math.sqrt(Math.max(0, squares / seconds - mean * mean));
            smoothed = Math.max(envelope, SMOOTHING * smoothed + (1 - SMOOTHING) * envelope);
        }
        seconds = 0;
        sum = 0;
        squares = 0;
        most = now;
    }

    int highWatermark() {
        return highWatermark;
    }

    double smoothed() {
        return smoothed;
    }
}
