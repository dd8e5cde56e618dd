package io.jollyboat.apiserver.rest;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a connection that sends nothing, or only parts of a request's head. Stands before the codec; runs on the event
 * loop but for the count of requests that are worked on. A busy connection costs one timer now and then.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    /** As upstream: so many times the streams that may be open may be worked on, reset ones included. */
    private static final int PER_STREAM = 4;

    private final DoorLimits limits;
    private final boolean http2;
    private final AtomicInteger working = new AtomicInteger();
    private ChannelHandlerContext context;
    private int open;
    private boolean heard;
    /** Whether what was heard since the last request has set the deadline. */
    private boolean begun;
    /** When it is over, by the event loop's clock; no limit while a request is open. */
    private long deadline;

    private Future<?> timer;
    private long timerAt;

    ConnectionGuard(DoorLimits limits, boolean http2) {
        this.limits = limits;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        endIn(limits.head());
    }

    @Override
    public void channelRead(ChannelHandlerContext on, Object message) {
        heard = true;
        on.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext on) {
        if (heard && open == 0 && !begun) {
            // A head has begun, or an HTTP/2 connection, whose control frames do not count as use.
            begun = true;
            endIn(http2 ? limits.idle() : limits.head());
        }
        heard = false;
        on.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext on) {
        if (timer != null) {
            timer.cancel(false);
        }
        on.fireChannelInactive();
    }

    /** A request's head is whole. */
    void opened() {
        open++;
    }

    /** A request has got its answer, or its stream ended. */
    void closed() {
        open--;
        if (open == 0) {
            begun = http2;
            endIn(limits.idle());
        }
    }

    /** Whether too many requests are worked on to take another. A stream that was reset makes no less work. */
    boolean isOverloaded() {
        return working.get() >= PER_STREAM * limits.streams();
    }

    /** A thread begins to work on a request. */
    void begun() {
        working.incrementAndGet();
    }

    void ended() {
        working.decrementAndGet();
    }

    private long now() {
        return context.executor().ticker().nanoTime();
    }

    private void endIn(Duration time) {
        deadline = now() + time.toNanos();
        if (timer == null || timerAt - deadline > 0) {
            if (timer != null) {
                timer.cancel(false);
            }
            schedule();
        }
    }

    private void schedule() {
        timerAt = deadline;
        timer = context.executor().schedule(this::due, deadline - now(), TimeUnit.NANOSECONDS);
    }

    private void due() {
        timer = null;
        if (open > 0) {
            return;
        }
        if (deadline - now() > 0) {
            schedule();
        } else {
            // Through the pipeline: HTTP/2 says goodbye.
            var _ = context.channel().close();
        }
    }
}
