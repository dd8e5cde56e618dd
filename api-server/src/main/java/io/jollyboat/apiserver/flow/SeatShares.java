package io.jollyboat.apiserver.flow;

import java.util.List;

/** Shares out the server's seats: to each level in proportion to its target, within its bounds. */
final class SeatShares {
    private static final double MIN_TARGET = 0.001;
    private static final int STEPS = 100;

    private SeatShares() {}

    /** @param target the seats that would be right, if there were enough */
    record Claim(double least, double most, double target) {
        double at(double proportion) {
            return Math.clamp(proportion * Math.max(target, MIN_TARGET), least, most);
        }
    }

    /**
     * The one proportion at which the bounded shares add up to the total is found by halving: shares only grow with it.
     * Where the bounds do not allow the total, all get their least or their most.
     */
    static double[] of(int total, List<Claim> claims) {
        double low = 0;
        double high = 1;
        while (sum(claims, high) < total && high < 1e9) {
            high *= 2;
        }
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (sum(claims, middle) < total) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double proportion = high;
        return claims.stream().mapToDouble(claim -> claim.at(proportion)).toArray();
    }

    private static double sum(List<Claim> claims, double proportion) {
        return claims.stream().mapToDouble(claim -> claim.at(proportion)).sum();
    }
}
