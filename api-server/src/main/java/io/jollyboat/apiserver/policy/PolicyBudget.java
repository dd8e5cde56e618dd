package io.jollyboat.apiserver.policy;

/** What the expressions of one policy may still cost for one request. */
final class PolicyBudget {
    static final long EXPRESSIONS = 10_000_000;
    static final long CONDITIONS = 2_500_000;
    private static final String EXHAUSTED =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    private long left;

    PolicyBudget(long left) {
        this.left = left;
    }

    /** Takes away what an evaluation cost. */
    void spend(long cost) throws PolicyFailure {
        left -= cost;
        if (left < 0) {
            throw new PolicyFailure(EXHAUSTED);
        }
    }
}
