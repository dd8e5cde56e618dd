package io.jollyboat.apiserver.flow;

/**
 * A level's seats.
 *
 * @param nominal its share of the server's
 * @param least what it never lends
 * @param most with what it may borrow
 */
record SeatLimits(int nominal, int least, int most) {
    /** Until demand is known, half of what may be lent is. */
    int first() {
        return nominal - (nominal - least) / 2;
    }

    /** The most seats of one request. */
    int widest(double ofLevel, int handSize) {
        return (int) Math.max(1, Math.min(Math.ceil(nominal * ofLevel), (double) nominal / Math.max(1, handSize)));
    }
}
