package io.jollyboat.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;

/** One keep-alive connection with one request at a time. Used on its event loop only. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private final Channel channel;
    private ResponseListener listener;
    private int status;

    Connection(Channel channel) {
        this.channel = channel;
    }

    /** Takes the parts of a response. */
    interface ResponseListener {
        /** More of the body; the buffer is the caller's. */
        void body(int status, ByteBuf part);

        /** The response is complete. */
        void end(int status);

        /** The connection broke first. */
        void failed(Throwable cause);
    }

    void send(ByteBuf request, ResponseListener next) {
        if (listener != null) {
            throw new IllegalStateException("a request is under way");
        }
        listener = next;
        channel.writeAndFlush(request).addListener(done -> {
            if (!done.isSuccess()) {
                fail(done.cause());
            }
        });
    }

    Channel channel() {
        return channel;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message instanceof HttpResponse response) {
            status = response.status().code();
        }
        if (message instanceof HttpContent content && listener != null) {
            if (content.content().isReadable()) {
                listener.body(status, content.content());
            }
            if (message instanceof LastHttpContent) {
                ResponseListener done = listener;
                listener = null;
                done.end(status);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
        context.newSucceededFuture().addListener(ChannelFutureListener.CLOSE);
    }

    private void fail(Throwable cause) {
        ResponseListener failed = listener;
        listener = null;
        if (failed != null) {
            failed.failed(cause);
        }
    }

    static ByteBuf bytes(byte[] request) {
        return Unpooled.wrappedBuffer(request);
    }
}
