package io.jollyboat.apiserver.flow;

import java.util.concurrent.CountDownLatch;

/** A request that waits in a queue. Its state changes under its level's lock. */
final class Waiter {
    /** How far a request is. */
    enum State {
        WAITING,
        RUNNING,
        DROPPED
    }

    final int seats;
    final RequestQueue queue;
    final CountDownLatch decided = new CountDownLatch(1);
    State state = State.WAITING;

    Waiter(int seats, RequestQueue queue) {
        this.seats = seats;
        this.queue = queue;
    }
}
