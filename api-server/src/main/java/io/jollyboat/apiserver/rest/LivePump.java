package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;

/**
 * Writes a watch's events on its connection's event loop as they come: a thousand watches of one object cost a thousand
 * writes, and no thread is woken for each. Frames are shared, so nothing but the first watch's is encoded here.
 */
final class LivePump implements Runnable {
    private static final int PORTION_BYTES = 64 * 1024;

    private final HttpExchange exchange;
    private final Watching.Frames frames;
    private final CacheWatch watch;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Iterator<CacheEvent> polled = Collections.emptyIterator();
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

    /**
     * On the event loop. While the client is slow events stay in the watch's queue, which has its bounds: the network's
     * buffers get no more than they like to have.
     */
    @Override
    public void run() {
        if (ended.getCount() == 0) {
            return;
        }
        try {
            // Before the poll: what comes between the two is announced.
            boolean last = watch.hasEnded();
            while (exchange.isWritable() && hasEvents()) {
                write();
            }
            if (last) {
                watch.poll(); // why it ended
                ended.countDown();
            }
        } catch (RuntimeException e) {
            failure = e;
            ended.countDown();
        }
    }

    private boolean hasEvents() {
        if (!polled.hasNext()) {
            polled = watch.poll().iterator();
        }
        return polled.hasNext();
    }

    private void write() {
        List<ByteBuf> portion = new ArrayList<>();
        for (int bytes = 0; bytes < PORTION_BYTES && polled.hasNext(); ) {
            ByteBuf frame = frames.frame(polled.next());
            bytes += frame.readableBytes();
            portion.add(frame);
        }
        exchange.writeAtOnce(Unpooled.wrappedBuffer(portion.toArray(ByteBuf[]::new)));
    }
}
