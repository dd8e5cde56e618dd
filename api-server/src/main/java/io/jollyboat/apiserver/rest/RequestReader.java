package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the requests of one HTTP/1.1 connection, or the one request of an HTTP/2 stream, and starts them one after
 * another. Runs on the event loop only.
 */
final class RequestReader extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

    /** Upstream's limit of a request body. */
    static final int MAX_BODY_BYTES = 3 * 1024 * 1024;

    /** Pipelined requests that wait on one connection before it is read no more. */
    private static final int MAX_WAITING = 16;

    private final Peer peer;
    private final HttpListener.RequestHandler handler;
    private final HttpListener.ExchangeStarter starter;
    private final boolean http2;
    private final BooleanSupplier closing;
    private final ArrayDeque<HttpExchange> waiting = new ArrayDeque<>();

    private HttpRequest request;
    private ByteArrayOutputStream body;
    private boolean tooLarge;
    private HttpExchange running;

    /** @param closing whether connections should end with their next answer */
    RequestReader(
            Peer peer,
            HttpListener.RequestHandler handler,
            HttpListener.ExchangeStarter starter,
            boolean http2,
            BooleanSupplier closing) {
        this.closing = closing;
        this.peer = peer;
        this.handler = handler;
        this.starter = starter;
        this.http2 = http2;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpRequest head) {
            if (head.decoderResult().isFailure()) {
                refuse(context, HttpResponseStatus.BAD_REQUEST);
                return;
            }
            request = head;
            body = null;
            tooLarge = HttpUtil.getContentLength(head, 0L) > MAX_BODY_BYTES;
            if (HttpUtil.is100ContinueExpected(head) && !tooLarge) {
                var _ = context.writeAndFlush(
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        }
        if (part instanceof HttpContent content && request != null) {
            append(content.content());
            if (part instanceof LastHttpContent) {
                complete(context);
            }
        }
    }

    private void append(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length == 0 || tooLarge) {
            return;
        }
        if (body == null) {
            body = new ByteArrayOutputStream(length);
        }
        if (body.size() + length > MAX_BODY_BYTES) {
            tooLarge = true;
            body = null;
            return;
        }
        byte[] copy = new byte[length];
        bytes.readBytes(copy);
        body.writeBytes(copy);
    }

    private void complete(ChannelHandlerContext context) {
        byte[] bytes = body == null ? new byte[0] : body.toByteArray();
        ApiException refusal = tooLarge ? tooLarge() : null;
        waiting.add(new HttpExchange(context, request, bytes, peer, http2, refusal, this::next, closing));
        request = null;
        body = null;
        tooLarge = false;
        if (running == null) {
            startNext();
        } else if (waiting.size() >= MAX_WAITING) {
            context.channel().config().setAutoRead(false);
        }
    }

    private static ApiException tooLarge() {
        return ApiException.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + MAX_BODY_BYTES);
    }

    /** Called on the event loop when an answer is complete. */
    private void next() {
        running = null;
        startNext();
    }

    private void startNext() {
        running = waiting.poll();
        if (running != null) {
            HttpExchange exchange = running;
            exchange.context().channel().config().setAutoRead(true);
            starter.start(() -> handler.handle(exchange));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (running != null) {
            running.client().left();
        }
        waiting.clear();
        context.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (running != null) {
            running.client().writabilityChanged();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection failed peer={} error={}", peer.address(), cause.toString());
        if (cause instanceof DecoderException
                && running == null
                && context.channel().isActive()) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
        } else {
            var _ = context.close();
        }
    }

    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        var _ = context.writeAndFlush(response).addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }
}
