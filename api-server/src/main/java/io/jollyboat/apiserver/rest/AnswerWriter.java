package io.jollyboat.apiserver.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How an answer gets onto its connection. Whoever uses it sees to it that there is one answer only. */
final class AnswerWriter {
    private final ChannelHandlerContext context;
    private final HttpRequest request;
    private final boolean http2;
    private final DoorLimits limits;
    private final Runnable onDone;
    private final BooleanSupplier closing;
    private final ClientPresence client;
    private boolean isSent;

    /**
     * @param onDone run on the event loop when the answer is with the network, if the connection goes on
     * @param closing whether the server is, so that no connection is to go on
     */
    AnswerWriter(
            ChannelHandlerContext context,
            HttpRequest request,
            boolean http2,
            DoorLimits limits,
            Runnable onDone,
            BooleanSupplier closing) {
        this.context = context;
        this.request = request;
        this.http2 = http2;
        this.limits = limits;
        this.onDone = onDone;
        this.closing = closing;
        this.client = new ClientPresence(context.channel());
    }

    ChannelHandlerContext context() {
        return context;
    }

    boolean http2() {
        return http2;
    }

    ClientPresence client() {
        return client;
    }

    /** A whole answer. */
    void whole(Reply reply, List<Map.Entry<String, String>> moreHeaders) {
        ByteBuf content = reply.body().isEmpty() || request.method().equals(HttpMethod.HEAD)
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(reply.body().toArray(byte[][]::new));
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.code()), content);
        head(response, reply.contentType(), reply.headers(), moreHeaders);
        if (reply.code() != 204 && reply.code() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.length());
        }
        last(response);
    }

    /** The head of an answer of unknown length. */
    void begin(int statusCode, String contentType, List<Map.Entry<String, String>> moreHeaders) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(statusCode));
        head(response, contentType, Map.of(), moreHeaders);
        if (!http2) {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
        var _ = context.writeAndFlush(response);
    }

    private void head(
            HttpResponse response,
            String contentType,
            Map<String, List<String>> headers,
            List<Map.Entry<String, String>> moreHeaders) {
        HttpHeaders all = response.headers();
        for (Map.Entry<String, String> header : moreHeaders) {
            all.add(header.getKey(), header.getValue());
        }
        headers.forEach(all::set);
        if (contentType != null) {
            all.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (!http2 && !keepAlive()) {
            all.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private boolean keepAlive() {
        return HttpUtil.isKeepAlive(request) && !closing.getAsBoolean();
    }

    /** For {@link #write}. */
    ByteBuf buffer(int bytes) {
        return context.alloc().directBuffer(bytes, bytes);
    }

    /** Waits while the client is slow; false when it is gone. */
    boolean write(ByteBuf chunk) throws InterruptedException {
        if (client.isGone()) {
            chunk.release();
            return false;
        }
        int bytes = chunk.readableBytes();
        client.queued(bytes);
        boolean taken = onEventLoop(() -> {
            var _ = context.writeAndFlush(new DefaultHttpContent(chunk));
            client.arrived(bytes);
        });
        if (!taken) {
            chunk.release();
            return false;
        }
        return client.awaitWritable();
    }

    /** On the event loop: does not wait. */
    void writeAtOnce(ByteBuf chunk) {
        if (client.isGone()) {
            chunk.release();
        } else {
            var _ = context.writeAndFlush(new DefaultHttpContent(chunk));
        }
    }

    /** As {@link #write}, of a connection that became something else. */
    boolean writeMessage(Object message) throws InterruptedException {
        if (client.isGone()) {
            ReferenceCountUtil.release(message);
            return false;
        }
        var _ = context.channel().writeAndFlush(message);
        return client.awaitWritable();
    }

    /** What has begun is complete. */
    void end() {
        last(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Writes what ends the answer. */
    private void last(HttpObject end) {
        onEventLoop(() -> {
            ChannelFuture written = context.writeAndFlush(end);
            if (!written.isDone()) {
                // The client is slow. It holds memory, so it has its time.
                Future<?> limit =
                        context.executor().schedule(this::cut, limits.unread().toNanos(), TimeUnit.NANOSECONDS);
                written.addListener(done -> limit.cancel(false));
            }
            written.addListener(this::sent);
        });
    }

    /** False when the server has closed. */
    private boolean onEventLoop(Runnable task) {
        try {
            context.executor().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void sent(io.netty.util.concurrent.Future<?> written) {
        isSent = true;
        if (written.isSuccess() && (http2 || keepAlive())) {
            onDone.run();
        } else {
            cut();
        }
    }

    /** On the event loop: whether the answer is with the network. */
    boolean isSent() {
        return isSent;
    }

    /** Ends the connection, or the stream, however far the answer is. */
    void cut() {
        var _ = context.close();
    }
}
