package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.audit.RequestAudit;
import io.jollyboat.apiserver.request.QueryParams;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One request and the way its answer goes back. The answering side is used by one thread at a time. */
final class HttpExchange {
    private final ChannelHandlerContext context;
    private final HttpRequest request;
    private final RequestBody body;
    private final Peer peer;
    private final boolean http2;
    private final DoorLimits limits;
    private final Runnable onDone;
    private final BooleanSupplier closing;
    private final RequestTarget target;
    private final List<Map.Entry<String, String>> replyHeaders = new ArrayList<>();
    private final ClientPresence client;
    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.NONE);
    private volatile RequestAudit audit;
    private volatile Runnable onSettled = () -> {};
    private volatile Runnable onExpired = () -> {};
    private volatile boolean expired;
    private volatile int code;
    private boolean isSent;

    /** How far the answer is. Whoever leaves NONE answers; there is one answer only. */
    private enum Answer {
        NONE,
        BEGUN,
        COMPLETE
    }

    /** @param onDone run on the event loop when the answer is with the network, if the connection goes on */
    HttpExchange(
            ChannelHandlerContext context,
            HttpRequest request,
            RequestTarget target,
            RequestBody body,
            Peer peer,
            boolean http2,
            DoorLimits limits,
            Runnable onDone,
            BooleanSupplier closing) {
        this.closing = closing;
        this.context = context;
        this.client = new ClientPresence(context.channel());
        this.request = request;
        this.target = target;
        this.body = body;
        this.peer = peer;
        this.http2 = http2;
        this.limits = limits;
        this.onDone = onDone;
    }

    ChannelHandlerContext context() {
        return context;
    }

    String method() {
        return request.method().name();
    }

    /** Decoded, without the query. */
    String path() {
        return target.path();
    }

    /** As it came, with the query. */
    String uri() {
        return request.uri();
    }

    QueryParams query() {
        return target.query();
    }

    /** Null when absent. */
    String header(String name) {
        return request.headers().get(name);
    }

    HttpHeaders headers() {
        return request.headers();
    }

    /**
     * Waits for the whole of it.
     *
     * @throws io.jollyboat.errors.ApiException what is wrong with it
     */
    byte[] body() {
        return body.await();
    }

    /** For whoever reads the connection, or the body piece by piece. */
    RequestBody incomingBody() {
        return body;
    }

    Peer peer() {
        return peer;
    }

    boolean http2() {
        return http2;
    }

    boolean answered() {
        return answer.get() != Answer.NONE;
    }

    /** Status code of the answer, 0 before it. */
    int code() {
        return code;
    }

    /** Adds a header to the answer to come. */
    void addHeader(String name, String value) {
        replyHeaders.add(Map.entry(name, value));
    }

    /** No effect on a request that has got its answer. */
    void reply(Reply reply) {
        if (answer.compareAndSet(Answer.NONE, Answer.COMPLETE)) {
            send(reply, replyHeaders);
        }
    }

    /**
     * The time is over: answers in place of whoever still works on it and may add headers just now. An answer that has
     * begun is cut.
     */
    void expire(Reply reply) {
        if (answer.compareAndSet(Answer.NONE, Answer.COMPLETE)) {
            expired = true;
            send(reply, List.of());
            onExpired.run();
        } else if (answer.compareAndSet(Answer.BEGUN, Answer.COMPLETE)) {
            expired = true;
            var _ = context.close();
            onExpired.run();
        }
    }

    /** Runs the task when the time is over, so that what the request waits for is given up. */
    void onExpired(Runnable task) {
        onExpired = task;
        if (expired) {
            task.run();
        }
    }

    /** A header of the answer to come. */
    Optional<String> replyHeader(String name) {
        return replyHeaders.stream()
                .filter(header -> header.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** @param log what is written of this request */
    void audit(RequestAudit log) {
        audit = log;
    }

    /** Null where nothing is written. */
    RequestAudit audit() {
        return audit;
    }

    /** Where notes for the audit log go. */
    AuditAnnotations notes() {
        return audit == null ? AuditAnnotations.NONE : audit;
    }

    void auditRequest(ObjectMeta meta, Supplier<byte[]> json) {
        if (audit != null) {
            audit.requestObject(meta, json);
        }
    }

    /** What the answer is, for the log. */
    void auditAnswer(int statusCode, String contentType, List<byte[]> body) {
        if (audit != null) {
            audit.answered(statusCode, audit.wantsBody(statusCode) ? AuditBodies.json(contentType, body) : null);
        }
    }

    private void send(Reply reply, List<Map.Entry<String, String>> moreHeaders) {
        auditAnswer(reply.code(), reply.contentType(), reply.body());
        long length = reply.length();
        ByteBuf content = reply.body().isEmpty() || method().equals("HEAD")
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(reply.body().toArray(byte[][]::new));
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.code()), content);
        head(response, reply.contentType(), reply.headers(), moreHeaders);
        if (reply.code() != 204 && reply.code() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        last(response);
    }

    /** Begins an answer of unknown length; {@link #write} and {@link #end} follow. */
    void begin(int statusCode, String contentType) {
        if (!answer.compareAndSet(Answer.NONE, Answer.BEGUN)) {
            return;
        }
        if (audit != null) {
            audit.started(statusCode);
        }
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(statusCode));
        head(response, contentType, Map.of(), replyHeaders);
        if (!http2) {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
        var _ = context.writeAndFlush(response);
    }

    /** Waits while the client is slow; false when it is gone, or the time over. */
    boolean write(byte[]... chunks) throws InterruptedException {
        return write(Unpooled.wrappedBuffer(chunks));
    }

    /** Of that size, to be filled and given to {@link #write(ByteBuf)}. */
    ByteBuf buffer(int bytes) {
        return context.alloc().directBuffer(bytes, bytes);
    }

    boolean write(ByteBuf chunk) throws InterruptedException {
        if (client.isGone() || expired) {
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

    /** False when the server has closed. */
    private boolean onEventLoop(Runnable task) {
        try {
            context.executor().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs the task on the connection's event loop, which is all it may do without waiting. */
    void execute(Runnable task) {
        context.executor().execute(task);
    }

    /** On the event loop: does not wait; ask {@link #isWritable} before. */
    void writeAtOnce(ByteBuf chunk) {
        if (client.isGone() || expired) {
            chunk.release();
        } else {
            var _ = context.writeAndFlush(new DefaultHttpContent(chunk));
        }
    }

    boolean isWritable() {
        return client.isWritable();
    }

    /** Runs the task on the event loop whenever a slow client has caught up. */
    void onWritable(Runnable task) {
        client.onWritable(task);
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

    /** From here on the connection speaks no HTTP. */
    void upgraded() {
        answer.set(Answer.BEGUN);
        code = HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (audit != null) {
            audit.started(code);
        }
    }

    void end() {
        if (answer.compareAndSet(Answer.BEGUN, Answer.COMPLETE)) {
            last(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /**
     * Ends the connection (or stream) without finishing the answer that has begun, so that the client knows it is cut
     * short. No effect after a complete answer.
     */
    void abort() {
        if (answer.compareAndSet(Answer.BEGUN, Answer.COMPLETE)) {
            var _ = context.close();
        }
    }

    /** Runs the task when what the client waits for at first is on its way, of a request that goes on after that. */
    void onSettled(Runnable task) {
        onSettled = task;
    }

    void settled() {
        onSettled.run();
    }

    boolean isGone() {
        return client.isGone();
    }

    /** Runs the task when the client goes away before the answer is complete; at once when it is gone already. */
    void onGone(Runnable task) {
        client.onGone(task);
    }

    /** For whoever reads the connection: tells of its end, and of a slow client's catching up. */
    ClientPresence client() {
        return client;
    }

    private void head(
            HttpResponse response,
            String contentType,
            Map<String, List<String>> headers,
            List<Map.Entry<String, String>> moreHeaders) {
        code = response.status().code();
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

    /** Writes what ends the answer. */
    private void last(HttpObject end) {
        onEventLoop(() -> {
            ChannelFuture written = context.writeAndFlush(end);
            if (!written.isDone()) {
                // The client is slow. It holds memory, so it has its time.
                Future<?> limit =
                        context.executor().schedule(this::drop, limits.unread().toNanos(), TimeUnit.NANOSECONDS);
                written.addListener(done -> limit.cancel(false));
            }
            written.addListener(this::sent);
        });
    }

    private void drop() {
        var _ = context.close();
    }

    private void sent(io.netty.util.concurrent.Future<?> written) {
        isSent = true;
        if (written.isSuccess() && (http2 || keepAlive())) {
            onDone.run();
        } else {
            var _ = context.close();
        }
    }

    /** On the event loop: whether the answer is with the network. */
    boolean isSent() {
        return isSent;
    }

    /** Whether the client asks for the connection to become something else, such as SPDY or a WebSocket. */
    boolean wantsUpgrade() {
        return !http2
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.POST));
    }
}
