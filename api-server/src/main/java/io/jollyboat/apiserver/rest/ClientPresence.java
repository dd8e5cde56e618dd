package io.jollyboat.apiserver.rest;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Whether a request's client is there, and takes what is written to it. Thread-safe. */
final class ClientPresence {
    /** What may be on its way to the event loop: a stream of HTTP/2 does not count it. */
    private static final int MAX_QUEUED_BYTES = 1024 * 1024;

    private final Channel channel;
    private final AtomicLong queued = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> onGone = new ArrayList<>();
    private volatile Runnable onWritable = () -> {};
    private volatile boolean gone;

    ClientPresence(Channel channel) {
        this.channel = channel;
    }

    boolean isGone() {
        return gone;
    }

    boolean isWritable() {
        return channel.isWritable() && queued.get() < MAX_QUEUED_BYTES;
    }

    /** So much is handed to the event loop. */
    void queued(int bytes) {
        queued.addAndGet(bytes);
    }

    /** Called on the event loop: so much has come to where the channel counts it. */
    void arrived(int bytes) {
        long left = queued.addAndGet(-bytes);
        if (left < MAX_QUEUED_BYTES && left + bytes >= MAX_QUEUED_BYTES) {
            writabilityChanged();
        }
    }

    /** Waits while the client is slow; false when it is gone. */
    boolean awaitWritable() throws InterruptedException {
        if (!isWritable()) {
            lock.lockInterruptibly();
            try {
                while (!gone && !isWritable()) {
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        }
        return !gone;
    }

    /** Runs the task on the event loop whenever a slow client has caught up. */
    void onWritable(Runnable task) {
        onWritable = task;
    }

    /** Runs the task when the client goes away; at once when it is gone already. */
    void onGone(Runnable task) {
        boolean now;
        lock.lock();
        try {
            now = gone;
            if (!now) {
                onGone.add(task);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            task.run();
        }
    }

    /** Called on the event loop. */
    void left() {
        List<Runnable> tasks;
        lock.lock();
        try {
            gone = true;
            tasks = List.copyOf(onGone);
            onGone.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        tasks.forEach(Runnable::run);
    }

    /** Called on the event loop. */
    void writabilityChanged() {
        if (channel.isWritable()) {
            onWritable.run();
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
