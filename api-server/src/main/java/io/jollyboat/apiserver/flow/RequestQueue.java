package io.jollyboat.apiserver.flow;

import java.util.ArrayDeque;

/** One of a level's queues; used under the level's lock. Work is counted in seats times seconds of virtual time. */
final class RequestQueue {
    final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    int seatsWaiting;
    int seatsRunning;
    int running;

    /** When, in virtual time, the next request of this queue would begin if all queues had an equal share. */
    double nextStart;

    boolean isIdle() {
        return running == 0 && waiting.isEmpty();
    }

    /** Seats asked for and taken. */
    int load() {
        return seatsWaiting + seatsRunning;
    }
}
