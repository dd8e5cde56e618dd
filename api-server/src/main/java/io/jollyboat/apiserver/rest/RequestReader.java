package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests of one HTTP/1.1 connection, or the one request of an HTTP/2 stream, and starts them one after
 * another, each as soon as its head is there. Runs on the event loop only.
 */
final class RequestReader extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

    /** Pipelined requests that wait on one connection before it is read no more. */
    private static final int MAX_WAITING = 16;

    /** As Go's server does. */
    private static final int LINGER_MILLIS = 500;

    private final Peer peer;
    private final HttpListener.RequestHandler handler;
    private final HttpListener.ExchangeStarter starter;
    private final boolean http2;
    private final DoorLimits limits;
    private final ConnectionGuard guard;
    private final BooleanSupplier closing;
    private final ArrayDeque<HttpExchange> waiting = new ArrayDeque<>();

    /** The request whose body is being read; null between requests. */
    private HttpExchange incoming;

    private HttpExchange running;
    /** The connection is over, whatever still comes. */
    private boolean refused;

    /** @param closing whether connections should end with their next answer */
    RequestReader(
            Peer peer,
            HttpListener.RequestHandler handler,
            HttpListener.ExchangeStarter starter,
            boolean http2,
            DoorLimits limits,
            ConnectionGuard guard,
            BooleanSupplier closing) {
        this.closing = closing;
        this.peer = peer;
        this.handler = handler;
        this.starter = starter;
        this.http2 = http2;
        this.limits = limits;
        this.guard = guard;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (refused) {
            return;
        }
        if (part instanceof HttpRequest head) {
            begin(context, head);
        }
        if (part instanceof HttpContent content && incoming != null) {
            read(context, content);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        Refusal refusal = Refusal.of(head, http2);
        if (refusal != null) {
            refuse(context, refusal);
            return;
        }
        RequestTarget target = RequestTarget.parse(head.uri());
        if (target == null) {
            refuse(context, Refusal.BAD_REQUEST);
            return;
        }
        boolean continues = HttpUtil.is100ContinueExpected(head);
        RequestBody body = new RequestBody(limits.body(), () -> asked(context, continues), () -> asked(context, false));
        body.announce(HttpUtil.getContentLength(head, 0L));
        AnswerWriter writer = new AnswerWriter(context, head, http2, limits, this::next, closing);
        incoming = new HttpExchange(head, target, body, peer, writer);
        guard.opened();
        waiting.add(incoming);
        if (running == null) {
            startNext();
        }
    }

    /** Somebody wants the body. */
    private void asked(ChannelHandlerContext context, boolean continues) {
        context.executor().execute(() -> {
            if (continues) {
                var _ = context.writeAndFlush(
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            readOn(context.channel());
        });
    }

    private void read(ChannelHandlerContext context, HttpContent content) {
        RequestBody body = incoming.incomingBody();
        if (content.decoderResult().isFailure()) {
            // Never take a part for the whole.
            Throwable cause = content.decoderResult().cause();
            body.fail(ApiException.of(500, "", "malformed chunked encoding: " + cause.getMessage()));
            incoming = null;
            refused = true;
            incoming(context.channel(), false);
            return;
        }
        ByteBuf bytes = content.content();
        body.append(bytes);
        if (content instanceof LastHttpContent) {
            body.complete();
            HttpExchange whole = incoming;
            incoming = null;
            if (whole == running && whole.isSent()) {
                next();
                return;
            }
        } else if (body.isEndless()) {
            var _ = context.close();
            return;
        }
        readOn(context.channel());
    }

    private void readOn(Channel channel) {
        incoming(
                channel,
                waiting.size() < MAX_WAITING
                        && (incoming == null || incoming.incomingBody().wantsMore()));
    }

    private static void incoming(Channel channel, boolean read) {
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    /** Called on the event loop when an answer is complete. */
    private void next() {
        if (running == null) {
            return;
        }
        HttpExchange done = running;
        if (done == incoming) {
            // The rest of its body comes first.
            RequestBody body = done.incomingBody();
            body.discard();
            readOn(done.context().channel());
            var _ = done.context()
                    .executor()
                    .schedule(() -> closeUnlessRead(done), limits.drain().toNanos(), TimeUnit.NANOSECONDS);
            return;
        }
        running = null;
        guard.closed();
        if (refused) {
            var _ = done.context().close();
            return;
        }
        startNext();
    }

    private void closeUnlessRead(HttpExchange done) {
        if (incoming == done) {
            var _ = done.context().close();
        }
    }

    private void startNext() {
        running = waiting.poll();
        if (running == null) {
            return;
        }
        HttpExchange exchange = running;
        readOn(exchange.context().channel());
        if (guard.isOverloaded()) {
            overloaded(exchange.context());
            return;
        }
        guard.begun();
        starter.start(() -> {
            try {
                handler.handle(exchange);
            } finally {
                guard.ended();
            }
        });
    }

    /** Streams were opened and reset faster than requests are worked on. */
    private void overloaded(ChannelHandlerContext context) {
        LOG.warn("connection opens too many requests peer={}", peer.address());
        if (http2) {
            Channel connection = context.channel().parent();
            var _ = connection
                    .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
                    .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
        } else {
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (incoming != null) {
            incoming.incomingBody().fail(ApiException.badRequest("unexpected EOF"));
            incoming = null;
        }
        if (running != null) {
            running.client().left();
            if (http2) {
                guard.closed();
            }
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
            refuse(context, Refusal.BAD_REQUEST);
        } else {
            var _ = context.close();
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        refused = true;
        byte[] text = refusal.text().getBytes(StandardCharsets.UTF_8);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), Unpooled.wrappedBuffer(text));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        var _ = context.writeAndFlush(response).addListener(written -> {
            // Not at once: a connection that is closed with unread bytes takes the answer along.
            var _ = context.executor().schedule(() -> close(context), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }

    /** What is answered to what is no request, by Go's server in these words, before anybody looks at it. */
    private record Refusal(HttpResponseStatus status, String text) {
        static final Refusal BAD_REQUEST = new Refusal(HttpResponseStatus.BAD_REQUEST, "400 Bad Request");
        static final Refusal TOO_LARGE =
                new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "431 Request Header Fields Too Large");
        static final Refusal NO_HOST =
                new Refusal(HttpResponseStatus.BAD_REQUEST, "400 Bad Request: missing required Host header");
        static final Refusal EXPECTATION = new Refusal(HttpResponseStatus.EXPECTATION_FAILED, "417 Expectation Failed");

        /** Null for none. */
        static Refusal of(HttpRequest head, boolean http2) {
            if (head.decoderResult().isFailure()) {
                Throwable cause = head.decoderResult().cause();
                return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
                        ? TOO_LARGE
                        : BAD_REQUEST;
            }
            if (http2) {
                return null;
            }
            if (head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                    && !head.headers().contains(HttpHeaderNames.HOST)) {
                return NO_HOST;
            }
            String expected = head.headers().get(HttpHeaderNames.EXPECT);
            return expected == null || expected.equalsIgnoreCase("100-continue") ? null : EXPECTATION;
        }
    }
}
