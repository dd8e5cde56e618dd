package io.jollyboat.apiserver.rest;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends an HTTP/2 connection whose client vanished while something was on its way to it: the kernel would try for a
 * quarter of an hour. A client that is there answers a PING, however slowly it takes what it asked for. Asks only a while
 * after something was written, so that a silent connection costs nothing. Stands before the codec, on the event loop.
 */
final class PingGuard extends ChannelDuplexHandler {
    /** As Go's clients ask, and wait. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long CONTENT = 0x6a6f6c6c79L;

    private Future<?> timer;
    /** Since the last flush. */
    private boolean heard;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (timer == null && context.channel().isActive()) {
            heard = false;
            after(context, SILENCE, this::ask);
        }
    }

    private void after(ChannelHandlerContext context, Duration time, Consumer<ChannelHandlerContext> task) {
        timer = context.executor().schedule(() -> task.accept(context), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void ask(ChannelHandlerContext context) {
        if (heard || !context.channel().isActive()) {
            timer = null;
            return;
        }
        after(context, PATIENCE, this::judge);
        var _ = context.channel().writeAndFlush(new DefaultHttp2PingFrame(CONTENT));
    }

    private void judge(ChannelHandlerContext context) {
        timer = null;
        if (!heard) {
            var _ = context.channel().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
        context.fireChannelInactive();
    }
}
