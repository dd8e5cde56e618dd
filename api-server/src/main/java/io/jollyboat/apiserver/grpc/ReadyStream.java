package io.jollyboat.apiserver.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What goes to the client of one call, no faster than the client takes it: gRPC itself would keep in memory all that it
 * is given. Made within the call's own callback; used by a thread that is not the call's.
 */
final class ReadyStream<T> {
    /** For a client to take what it is sent of an answer that is all there. */
    private static final long PATIENCE_SECONDS = 60;

    private final ServerCallStreamObserver<T> stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int wakes;

    /** @param onGone runs when the client has gone */
    ReadyStream(ServerCallStreamObserver<T> stream, Runnable onGone) {
        this.stream = stream;
        stream.setOnReadyHandler(this::wake);
        stream.setOnCancelHandler(() -> {
            onGone.run();
            wake();
        });
    }

    /** Sends when the client has room for it; false when it has gone. */
    boolean send(T message) throws InterruptedException {
        return send(message, () -> false, Long.MAX_VALUE);
    }

    /** Of an answer that is all there; false also when the client had its time. */
    boolean sendInTime(T message) throws InterruptedException {
        return send(message, () -> false, TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    }

    /** False also when nothing is to be sent any more, of which {@link #wake} tells. */
    boolean send(T message, BooleanSupplier over) throws InterruptedException {
        return send(message, over, Long.MAX_VALUE);
    }

    private boolean send(T message, BooleanSupplier over, long patienceNanos) throws InterruptedException {
        long left = patienceNanos;
        int seen = wakes();
        // Asked without the lock, which whoever wakes takes too.
        while (!stream.isReady() && !stream.isCancelled() && !over.getAsBoolean() && left > 0) {
            left = await(seen, left);
            seen = wakes();
        }
        if (stream.isCancelled() || !stream.isReady()) {
            return false;
        }
        stream.onNext(message);
        return true;
    }

    private int wakes() {
        lock.lock();
        try {
            return wakes;
        } finally {
            lock.unlock();
        }
    }

    private long await(int seen, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (wakes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return left;
    }

    /** Something may be otherwise than it was. */
    void wake() {
        lock.lock();
        try {
            wakes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
