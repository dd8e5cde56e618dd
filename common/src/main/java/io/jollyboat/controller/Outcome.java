package io.jollyboat.controller;

import java.time.Duration;

/** What a reconciliation came to. An exception means: again, with back-off. */
public sealed interface Outcome {
    /** Nothing more until something changes. */
    record Done() implements Outcome {}

    /** Look again after a while, whatever happens. */
    record RequeueAfter(Duration delay) implements Outcome {}

    /** Cannot succeed until the object changes: logged and counted, not retried. */
    record Terminal(String reason) implements Outcome {}

    Outcome DONE = new Done();

    static Outcome done() {
        return DONE;
    }

    static Outcome after(Duration delay) {
        return new RequeueAfter(delay);
    }
}
