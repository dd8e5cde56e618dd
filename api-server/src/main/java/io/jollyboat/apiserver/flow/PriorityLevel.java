package io.jollyboat.apiserver.flow;

import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.QueuingConfiguration;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One level's seats and queues. Seats go to the queue whose head would end first if all queues were served side by side;
 * virtual time passes as fast as each busy queue gets seats. Thread-safe.
 */
final class PriorityLevel {
    /** What a request is taken to last before it is known, in seconds. */
    private static final double ESTIMATE = 0.003;

    /** A share of a level's seats that one request may take at most. */
    private static final double MOST_OF_LEVEL = 0.15;

    private final Runtime runtime;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RequestQueue> queues = new ArrayList<>();
    private final SeatDemand demand;
    private final LevelMetrics metrics;
    private final RetryAfter retryAfter;
    private volatile PriorityLevelConfiguration configuration;
    private volatile int widest = 1;
    private SeatLimits limits;
    private int limit;
    private int seatsRunning;
    private int seatsWaiting;
    private int waiting;
    private int nextQueue;
    private int busyQueues;
    private double virtualTime;
    private long virtualSince;

    PriorityLevel(Runtime runtime, PriorityLevelConfiguration configuration, LevelMetrics metrics) {
        this.runtime = runtime;
        this.metrics = metrics;
        this.virtualSince = runtime.nanoTime();
        this.demand = new SeatDemand(virtualSince);
        this.retryAfter = new RetryAfter(runtime.now().getEpochSecond());
        this.configuration = configuration;
    }

    PriorityLevelConfiguration configuration() {
        return configuration;
    }

    String name() {
        return configuration.getMetadata().getName();
    }

    boolean isExempt() {
        return configuration.getSpec().getType().equals("Exempt");
    }

    /** The most seats that a request may ask for. */
    int widest() {
        return widest;
    }

    private QueuingConfiguration queuing() {
        return configuration.getSpec().getLimited().getLimitResponse().getQueuing();
    }

    private boolean isQueued() {
        return configuration.getSpec().getLimited().getLimitResponse().getType().equals("Queue");
    }

    /** New settings, which those who wait feel too. */
    void configure(PriorityLevelConfiguration next, SeatLimits seats) {
        lock.lock();
        try {
            configuration = next;
            boolean first = limits == null;
            limits = seats;
            if (first) {
                limit = seats.first();
            }
            widest = isQueued() ? seats.widest(MOST_OF_LEVEL, queuing().getHandSize()) : 1;
            int wanted = isQueued() ? Math.max(1, queuing().getQueues()) : 0;
            while (queues.size() < wanted) {
                queues.add(new RequestQueue());
            }
            while (queues.size() > wanted && queues.getLast().isIdle()) {
                queues.removeLast();
            }
            metrics.limits(seats.nominal(), limit);
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    /** What the level needs and may have, over the time since it was last asked. */
    Need need() {
        lock.lock();
        try {
            demand.next(runtime.nanoTime());
            return new Need(limits, demand.highWatermark(), demand.smoothed(), isExempt());
        } finally {
            lock.unlock();
        }
    }

    /** How many seats there are from here on. */
    void limit(int seats) {
        lock.lock();
        try {
            if (seats != limit) {
                passVirtualTime();
                limit = seats;
                metrics.limits(limits.nominal(), limit);
            }
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes seats, at once or after a wait; null for a request of a level that queues nothing and is full.
     *
     * @return the request; it runs, or {@link Waiter#decided} tells when it does
     */
    Waiter enter(int seats, long flowHash) {
        lock.lock();
        try {
            if (isExempt()) {
                Waiter waiter = new Waiter(seats, null);
                run(waiter);
                return waiter;
            }
            if (queues.isEmpty()) {
                if (!fits(seats)) {
                    return null;
                }
                Waiter waiter = new Waiter(seats, null);
                run(waiter);
                return waiter;
            }
            return enqueue(seats, flowHash);
        } finally {
            lock.unlock();
        }
    }

    private Waiter enqueue(int seats, long flowHash) {
        passVirtualTime();
        RequestQueue queue = shortest(flowHash);
        if (queue.waiting.size() >= queuing().getQueueLengthLimit()) {
            return null;
        }
        if (queue.isIdle()) {
            queue.nextStart = virtualTime;
            busyQueues++;
        }
        Waiter waiter = new Waiter(seats, queue);
        if (waiting == 0 && fits(seats)) {
            run(waiter);
            return waiter;
        }
        queue.waiting.addLast(waiter);
        queue.seatsWaiting += seats;
        seatsWaiting += seats;
        waiting++;
        metrics.waiting(waiting);
        demand.set(seatsRunning + seatsWaiting, virtualSince);
        dispatch();
        return waiter;
    }

    private RequestQueue shortest(long flowHash) {
        QueuingConfiguration queuing = queuing();
        int deck = Math.min(queues.size(), Math.max(1, queuing.getQueues()));
        RequestQueue best = null;
        for (int card : Hand.deal(flowHash, deck, Math.max(1, queuing.getHandSize()))) {
            RequestQueue queue = queues.get(card);
            if (best == null || queue.load() < best.load()) {
                best = queue;
            }
        }
        return best;
    }

    /** A request wider than the level runs alone. */
    private boolean fits(int seats) {
        return seatsRunning == 0 ? limit > 0 : seatsRunning + seats <= limit;
    }

    private void run(Waiter waiter) {
        waiter.state = Waiter.State.RUNNING;
        seatsRunning += waiter.seats;
        if (waiter.queue != null) {
            waiter.queue.running++;
            waiter.queue.seatsRunning += waiter.seats;
            waiter.queue.nextStart += ESTIMATE * waiter.seats;
        }
        demand.set(seatsRunning + seatsWaiting, runtime.nanoTime());
        metrics.running(seatsRunning);
        waiter.decided.countDown();
    }

    private void dispatch() {
        while (waiting > 0) {
            RequestQueue queue = next();
            if (!fits(queue.waiting.getFirst().seats)) {
                return;
            }
            Waiter waiter = queue.waiting.removeFirst();
            forget(waiter);
            run(waiter);
        }
    }

    /** The queue whose head would end first; among equals they take turns. */
    private RequestQueue next() {
        RequestQueue best = null;
        double bestEnd = 0;
        int size = queues.size();
        int bestAt = 0;
        for (int i = 0; i < size; i++) {
            int at = (nextQueue + i) % size;
            RequestQueue queue = queues.get(at);
            if (queue.waiting.isEmpty()) {
                continue;
            }
            double end = queue.nextStart + ESTIMATE * queue.waiting.getFirst().seats;
            if (best == null || end < bestEnd) {
                best = queue;
                bestEnd = end;
                bestAt = at;
            }
        }
        nextQueue = (bestAt + 1) % size;
        return best;
    }

    private void forget(Waiter waiter) {
        waiter.queue.seatsWaiting -= waiter.seats;
        seatsWaiting -= waiter.seats;
        waiting--;
        metrics.waiting(waiting);
    }

    /** The request has waited long enough, or its client is gone; no effect once it runs. */
    void giveUp(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.state == Waiter.State.WAITING) {
                waiter.state = Waiter.State.DROPPED;
                passVirtualTime();
                waiter.queue.waiting.remove(waiter);
                forget(waiter);
                if (waiter.queue.isIdle()) {
                    busyQueues--;
                }
                demand.set(seatsRunning + seatsWaiting, runtime.nanoTime());
                waiter.decided.countDown();
                dispatch();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean runs(Waiter waiter) {
        lock.lock();
        try {
            return waiter.state == Waiter.State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    /** The request is done. */
    void leave(Waiter waiter, long nanos) {
        lock.lock();
        try {
            seatsRunning -= waiter.seats;
            if (waiter.queue != null) {
                passVirtualTime();
                waiter.queue.running--;
                waiter.queue.seatsRunning -= waiter.seats;
                if (waiter.queue.isIdle()) {
                    busyQueues--;
                }
                waiter.queue.nextStart += (nanos / 1e9 - ESTIMATE) * waiter.seats;
            }
            demand.set(seatsRunning + seatsWaiting, runtime.nanoTime());
            metrics.running(seatsRunning);
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    private void passVirtualTime() {
        long now = runtime.nanoTime();
        double seconds = (now - virtualSince) / 1e9;
        virtualSince = now;
        int wanted = seatsRunning + seatsWaiting;
        if (wanted == 0) {
            return;
        }
        virtualTime += seconds * Math.min(wanted, Math.max(1, limit)) / Math.max(1, busyQueues);
    }

    Rejection rejection(String reason) {
        return new Rejection(reason, retryAfter.refused(runtime.now().getEpochSecond()));
    }

    LevelMetrics metrics() {
        return metrics;
    }
}
