package io.jollyboat.apiserver.rest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
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
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket that speaks TLS, and HTTP/2 or HTTP/1.1 as ALPN decides; hands requests to a handler. */
final class HttpListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int MAX_STREAMS = 250;
    /** A watch stops being written to, and a log is not read on, while more than this waits for the client. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private final InetSocketAddress address;
    private final Supplier<SslContext> tls;
    private final RequestHandler handler;
    private final ExchangeStarter starter;
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
    HttpListener(InetSocketAddress address, Supplier<SslContext> tls, RequestHandler handler, ExchangeStarter starter) {
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
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            connections.add(channel);
                            channel.pipeline()
                                    .addLast(tls.get().newHandler(channel.alloc()))
                                    .addLast(new Alpn());
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
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipeline.addLast(Http2FrameCodecBuilder.forServer()
                        .initialSettings(Http2Settings.defaultSettings()
                                .maxConcurrentStreams(MAX_STREAMS)
                                .initialWindowSize(1024 * 1024)
                                .maxHeaderListSize(MAX_HEADER_BYTES))
                        .build());
                pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.config().setWriteBufferWaterMark(WATER_MARK);
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                                .addLast(new RequestReader(peer, handler, starter, true, () -> closing));
                    }
                }));
            } else {
                pipeline.addLast("codec", new HttpServerCodec(16 * 1024, MAX_HEADER_BYTES, 64 * 1024));
                pipeline.addLast("requests", new RequestReader(peer, handler, starter, false, () -> closing));
            }
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
}
