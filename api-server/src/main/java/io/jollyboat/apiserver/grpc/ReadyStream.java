package io.jollyboat.apiserver.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A stream of messages to a client; who writes waits while the client is slow. */
final class ReadyStream<M extends Message> {
    private final ServerCallStreamObserver<M> stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /**
     * In the call's own callback, where the stream still takes handlers.
     *
     * @param onCancel run when the client has gone
     */
    ReadyStream(ServerCallStreamObserver<M> stream, Runnable onCancel) {
        this.stream = stream;
        stream.setOnReadyHandler(this::wake);
        stream.setOnCancelHandler(() -> {
            onCancel.run();
            wake();
        });
    }

    /** False when the client has gone. */
    boolean send(M message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stream.isReady() && !stream.isCancelled()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        if (stream.isCancelled()) {
            return false;
        }
        stream.onNext(message);
        return true;
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
