package io.jollyboat.apiserver.rest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket that speaks TLS, and HTTP/2 or HTTP/1.1 as ALPN decides; hands requests to a handler. */
final class HttpListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    /** Clients cancel watches by the dozen, so Netty's usual 200 are too few; what is worked on has a limit of its own. */
    private static final int MAX_RESETS = 3_000;

    /** Of silence, before a peer that vanished is looked for, and between the questions: as clients of HTTP/2 do it. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private static final int KEEP_ALIVE_INTERVAL_SECONDS = 5;
    private static final int KEEP_ALIVE_QUESTIONS = 3;

    /** As Go's server has it, so that a header list of just the limit passes. */
    private static final int HEADER_SLACK_BYTES = 320;

    private static final String PLAIN_TEXT =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

    /** For a client that does not read to take the end of the connection. */
    private static final int FAREWELL_MILLIS = 1_000;

    private static final int RESETS_SECONDS = 30;
    private static final int STREAM_WINDOW_BYTES = 256 * 1024;
    private static final int MAX_FRAME_BYTES = 256 * 1024;
    /** A watch stops being written to, and a log is not read on, while more than this waits for the client. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private final InetSocketAddress address;
    private final Supplier<SslContext> tls;
    private final RequestHandler handler;
    private final ExchangeStarter starter;
    private final DoorLimits limits;
    private final EventLoopGroup eventLoop;
    private final Class<? extends ServerChannel> channelType;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private Channel server;
    private volatile boolean closing;

    /** What a request is given to, on a thread of its own. */
    interface RequestHandler {
        void handle(HttpExchange exchange);
    }

    /** Starts the thread of a request. */
    interface ExchangeStarter {
        void start(Runnable body);
    }

    /** @param tls asked for at each connection, so that a rotated certificate is used at once */
    HttpListener(
            InetSocketAddress address,
            Supplier<SslContext> tls,
            RequestHandler handler,
            ExchangeStarter starter,
            DoorLimits limits) {
        this.limits = limits;
        this.address = address;
        this.tls = tls;
        this.handler = handler;
        this.starter = starter;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.eventLoop = new MultiThreadIoEventLoopGroup(1, io);
        this.channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Binds; returns when connections are accepted. */
    void start() {
        try {
            server = new ServerBootstrap()
                    .group(eventLoop)
                    .channel(channelType)
                    .option(ChannelOption.SO_BACKLOG, 1024)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(
                            keepAlive(ExtendedSocketOptions.TCP_KEEPIDLE, EpollChannelOption.TCP_KEEPIDLE),
                            KEEP_ALIVE_SECONDS)
                    .childOption(
                            keepAlive(ExtendedSocketOptions.TCP_KEEPINTERVAL, EpollChannelOption.TCP_KEEPINTVL),
                            KEEP_ALIVE_INTERVAL_SECONDS)
                    .childOption(
                            keepAlive(ExtendedSocketOptions.TCP_KEEPCOUNT, EpollChannelOption.TCP_KEEPCNT),
                            KEEP_ALIVE_QUESTIONS)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            connections.add(channel);
                            SslHandler handshake = new FirmSslHandler(tls.get().newEngine(channel.alloc()));
                            handshake.setHandshakeTimeoutMillis(
                                    limits.handshake().toMillis());
                            handshake.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
                            channel.pipeline().addLast(handshake).addLast(new Alpn());
                        }
                    })
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Netty rethrows the bind failure undeclared.
            throw new UncheckedIOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                    e instanceof IOException io ? io : new IOException(e));
        }
    }

    /** The kernel's own would be two hours. */
    private ChannelOption<Integer> keepAlive(SocketOption<Integer> nio, ChannelOption<Integer> epoll) {
        return channelType == EpollServerSocketChannel.class ? epoll : NioChannelOption.of(nio);
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) server.localAddress();
    }

    /** No new connections from here on; those there are go on. */
    void stopAccepting() {
        if (server != null) {
            server.close().awaitUninterruptibly();
        }
    }

    /** Sends clients elsewhere with their next request; those that are under way go on. */
    void goAway() {
        closing = true;
        for (Channel connection : connections) {
            if (connection.pipeline().get(Http2FrameCodec.class) != null) {
                var _ = connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            }
        }
    }

    @Override
    public void close() {
        stopAccepting();
        connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        eventLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }

    private final class Alpn extends ApplicationProtocolNegotiationHandler {
        Alpn() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(io.netty.channel.ChannelHandlerContext context, String protocol) {
            ChannelPipeline pipeline = context.pipeline();
            Peer peer = Peer.of(context.channel(), pipeline.get(SslHandler.class));
            boolean http2 = protocol.equals(ApplicationProtocolNames.HTTP_2);
            ConnectionGuard guard = new ConnectionGuard(limits, http2);
            pipeline.addLast(guard);
            if (http2) {
                pipeline.addLast(new PingGuard());
                pipeline.addLast(Http2FrameCodecBuilder.forServer()
                        .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
                        .initialSettings(Http2Settings.defaultSettings()
                                .maxConcurrentStreams(limits.streams())
                                .initialWindowSize(STREAM_WINDOW_BYTES)
                                .maxFrameSize(MAX_FRAME_BYTES)
                                .maxHeaderListSize(limits.headerBytes() + HEADER_SLACK_BYTES))
                        .build());
                pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.config().setWriteBufferWaterMark(WATER_MARK);
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                                .addLast(reader(peer, guard, true));
                    }
                }));
                pipeline.addLast(new Last());
            } else {
                pipeline.addLast("codec", new HttpServerCodec(limits.headerBytes(), limits.headerBytes(), 64 * 1024));
                pipeline.addLast("requests", reader(peer, guard, false));
            }
        }

        private RequestReader reader(Peer peer, ConnectionGuard guard, boolean http2) {
            return new RequestReader(peer, handler, starter, http2, limits, guard, () -> closing);
        }

        @Override
        public void userEventTriggered(io.netty.channel.ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent done && done.cause() instanceof NotSslRecordException) {
                // Past the handler of TLS, as Go does.
                var _ = context.pipeline()
                        .context(SslHandler.class)
                        .writeAndFlush(Unpooled.copiedBuffer(PLAIN_TEXT, StandardCharsets.US_ASCII));
            }
            super.userEventTriggered(context, event);
        }

        @Override
        protected void handshakeFailure(io.netty.channel.ChannelHandlerContext context, Throwable cause) {
            LOG.debug("TLS handshake failed peer={} error={}", context.channel().remoteAddress(), cause.toString());
            var _ = context.close();
        }

        @Override
        public void exceptionCaught(io.netty.channel.ChannelHandlerContext context, Throwable cause) {
            LOG.debug("connection failed peer={} error={}", context.channel().remoteAddress(), cause.toString());
            var _ = context.close();
        }
    }

    /** What went wrong on a connection as a whole, such as a flood of frames, is its client's business. */
    private static final class Last extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(io.netty.channel.ChannelHandlerContext context, Throwable cause) {
            LOG.debug("connection failed peer={} error={}", context.channel().remoteAddress(), cause.toString());
            var _ = context.close();
        }
    }
}
