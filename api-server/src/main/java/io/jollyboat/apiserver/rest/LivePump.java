package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;

/**
 * Writes a watch's events on its connection's event loop as they come: a thousand watches of one object cost a thousand
 * writes, and no thread is woken for each. Frames are shared, so nothing but the first watch's is encoded here.
 */
final class LivePump implements Runnable {
    private final HttpExchange exchange;
    private final Watching.Frames frames;
    private final CacheWatch watch;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile RuntimeException failure;

    LivePump(HttpExchange exchange, Watching.Frames frames, CacheWatch watch) {
        this.exchange = exchange;
        this.frames = frames;
        this.watch = watch;
    }

    /**
     * Returns when the watch has ended.
     *
     * @throws io.jollyboat.errors.ApiException why the watch cannot go on
     */
    void pump() throws InterruptedException {
        exchange.onWritable(this);
        watch.onReady(this::announce);
        ended.await();
        if (failure != null) {
            throw failure;
        }
    }

    private void announce() {
        try {
            exchange.execute(this);
        } catch (RejectedExecutionException e) {
            ended.countDown(); // the server has closed
        }
    }

    /** On the event loop. While the client is slow events stay in the watch's queue, which has its bound. */
    @Override
    public void run() {
        if (ended.getCount() == 0) {
            return;
        }
        try {
            // Before the poll: what comes between the two is announced.
            boolean last = watch.hasEnded();
            if (last || exchange.isWritable()) {
                write(watch.poll());
            }
            if (last) {
                ended.countDown();
            }
        } catch (RuntimeException e) {
            failure = e;
            ended.countDown();
        }
    }

    private void write(List<CacheEvent> events) {
        if (!events.isEmpty()) {
            exchange.writeAtOnce(
                    Unpooled.wrappedBuffer(events.stream().map(frames::frame).toArray(ByteBuf[]::new)));
        }
    }
}
