package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;

/** A watch as a WebSocket, one text message per event: what fabric8's client asks for first. */
final class WebSocketUpgrade {
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    private WebSocketUpgrade() {}

    static boolean isWanted(HttpExchange exchange) {
        String upgrade = exchange.header("Upgrade");
        return exchange.wantsUpgrade() && "websocket".equalsIgnoreCase(upgrade);
    }

    static WatchHandler.WatchSink watchSink(HttpExchange exchange) {
        return new Sink(exchange);
    }

    private static final class Sink implements WatchHandler.WatchSink {
        private final HttpExchange exchange;

        Sink(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void begin() {
            ChannelHandlerContext context = exchange.context();
            DefaultFullHttpRequest request =
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, exchange.uri());
            request.headers().set(exchange.headers());
            WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                            exchange.uri(), null, false, MAX_FRAME_BYTES)
                    .newHandshaker(request);
            if (handshaker == null) {
                throw ApiException.badRequest("unsupported WebSocket version");
            }
            exchange.upgraded();
            context.pipeline().addLast(new Control());
            // On the connection's own thread: elsewhere, what follows the answer could find the connection taken apart.
            ChannelPromise answered = context.channel().newPromise();
            context.executor().execute(() -> handshake(handshaker, request, answered));
            var _ = answered.syncUninterruptibly();
        }

        private static void handshake(
                WebSocketServerHandshaker handshaker, FullHttpRequest request, ChannelPromise answered) {
            try {
                var _ = handshaker.handshake(answered.channel(), request, new DefaultHttpHeaders(), answered);
            } catch (RuntimeException e) {
                answered.tryFailure(e);
            }
        }

        @Override
        public boolean write(ByteBuf... frames) throws InterruptedException {
            boolean there = true;
            for (ByteBuf frame : frames) {
                there = exchange.writeMessage(new TextWebSocketFrame(frame));
            }
            return there;
        }

        @Override
        public boolean framed() {
            return true;
        }

        @Override
        public void end() {
            var _ = exchange.context()
                    .writeAndFlush(new CloseWebSocketFrame(1000, ""))
                    .addListener(done -> {
                        var _ = exchange.context().close();
                    });
        }
    }

    /** Answers pings, and ends the connection when the client closes. */
    private static final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof PingWebSocketFrame ping) {
                var _ = context.writeAndFlush(
                        new PongWebSocketFrame(ping.content().retain()));
            } else if (message instanceof CloseWebSocketFrame) {
                var _ = context.close();
            }
            ReferenceCountUtil.release(message);
        }
    }
}
