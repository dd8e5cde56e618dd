package io.jollyboat.cel;

/** One evaluation: the variables, the places of iteration variables, and what it has cost so far. */
final class Frame {

    final Variables variables;
    final Object[] locals;
    private final Object[] globals;
    private final long limit;
    private long cost;

    Frame(Variables variables, int locals, int globals, long limit) {
        this.variables = variables;
        this.locals = new Object[locals];
        this.globals = new Object[globals];
        this.limit = limit;
    }

    void charge(long amount) {
        cost += amount;
        if (cost > limit || cost < 0) {
            throw new CostLimitExceeded();
        }
    }

    long cost() {
        return cost;
    }

    /** The value of a declared variable, looked up once per evaluation. */
    Object global(int slot, String name) {
        Object value = globals[slot];
        if (value == null) {
            Object found = variables.find(name);
            if (found == null) {
                throw new EvalError("no such attribute(s): " + name);
            }
            value = Values.of(found);
            globals[slot] = value;
        }
        return value;
    }
}
