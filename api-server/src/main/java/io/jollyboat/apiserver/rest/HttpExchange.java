package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.audit.RequestAudit;
import io.jollyboat.apiserver.request.QueryParams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** One request, and who answers it. The answering side is used by one thread at a time. */
final class HttpExchange {
    private final HttpRequest request;
    private final RequestTarget target;
    private final RequestBody body;
    private final Peer peer;
    private final AnswerWriter writer;
    private final ClientPresence client;
    private final List<Map.Entry<String, String>> replyHeaders = new ArrayList<>();
    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.NONE);
    private volatile RequestAudit audit;
    private volatile Runnable onSettled = () -> {};
    private volatile Runnable onExpired = () -> {};
    private volatile boolean expired;
    private volatile int code;
    /** Written and read by whoever answers. */
    private long answerBytes;

    /** How far the answer is. Whoever leaves NONE answers; there is one answer only. */
    private enum Answer {
        NONE,
        BEGUN,
        COMPLETE
    }

    HttpExchange(HttpRequest request, RequestTarget target, RequestBody body, Peer peer, AnswerWriter writer) {
        this.request = request;
        this.target = target;
        this.body = body;
        this.peer = peer;
        this.writer = writer;
        this.client = writer.client();
    }

    ChannelHandlerContext context() {
        return writer.context();
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
        return writer.http2();
    }

    boolean answered() {
        return answer.get() != Answer.NONE;
    }

    /** Of the answer's body, as far as it is known. */
    long answerBytes() {
        return answerBytes;
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
            writer.cut();
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
        code = reply.code();
        answerBytes = reply.length();
        writer.whole(reply, moreHeaders);
    }

    /** Begins an answer of unknown length; {@link #write} and {@link #end} follow. */
    void begin(int statusCode, String contentType) {
        if (!answer.compareAndSet(Answer.NONE, Answer.BEGUN)) {
            return;
        }
        if (audit != null) {
            audit.started(statusCode);
        }
        code = statusCode;
        writer.begin(statusCode, contentType, replyHeaders);
    }

    /** Waits while the client is slow; false when it is gone, or the time over. */
    boolean write(byte[]... chunks) throws InterruptedException {
        return write(Unpooled.wrappedBuffer(chunks));
    }

    /** Of that size, to be filled and given to {@link #write(ByteBuf)}. */
    ByteBuf buffer(int bytes) {
        return writer.buffer(bytes);
    }

    boolean write(ByteBuf chunk) throws InterruptedException {
        if (expired) {
            chunk.release();
            return false;
        }
        answerBytes += chunk.readableBytes();
        return writer.write(chunk);
    }

    /** Runs the task on the connection's event loop, which is all it may do without waiting. */
    void execute(Runnable task) {
        writer.context().executor().execute(task);
    }

    /** On the event loop: does not wait; ask {@link #isWritable} before. */
    void writeAtOnce(ByteBuf chunk) {
        if (expired) {
            chunk.release();
        } else {
            writer.writeAtOnce(chunk);
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
        return writer.writeMessage(message);
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
            writer.end();
        }
    }

    /**
     * Ends the connection (or stream) without finishing the answer that has begun, so that the client knows it is cut
     * short. No effect after a complete answer.
     */
    void abort() {
        if (answer.compareAndSet(Answer.BEGUN, Answer.COMPLETE)) {
            writer.cut();
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

    /** On the event loop: whether the answer is with the network. */
    boolean isSent() {
        return writer.isSent();
    }

    /** Whether the client asks for the connection to become something else, such as SPDY or a WebSocket. */
    boolean wantsUpgrade() {
        return !writer.http2()
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.POST));
    }
}
