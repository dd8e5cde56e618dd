package io.jollyboat.bench.load;

import io.jollyboat.bench.target.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** All connections to the measured server, on one event loop. */
public final class LoadClient implements AutoCloseable {
    private static final int MAX_SECONDS = 900;
    private static final int CHUNK = 256 << 10;

    private static final AttributeKey<Connection> CONNECTION = AttributeKey.valueOf("bench-connection");

    private final Target target;
    private final Requests requests;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Connection> idle = new ArrayList<>();

    public LoadClient(Target target) {
        this.target = target;
        this.requests = new Requests(target);
    }

    public Requests requests() {
        return requests;
    }

    /** Sends up to {@code count} requests or for so long, so many at a time. */
    public LoadResult run(int inFlight, long count, double seconds, LongFunction<byte[]> requestOf) throws IOException {
        List<Connection> connections = take(inFlight);
        LoadResult result = await(new LoadLoop(connections, count, (long) (seconds * 1e9), requestOf).start());
        idle.addAll(connections);
        return result;
    }

    /** The answer to one request. */
    public record Response(int status, String body) {
        /** IllegalStateException unless it is a success. */
        public Response orFail(String what) {
            if (status >= 300) {
                throw new IllegalStateException(what + ": " + status + " " + body);
            }
            return this;
        }
    }

    /** Sends one request and waits. */
    public Response call(byte[] request) throws IOException {
        Connection connection = take(1).getFirst();
        CompletableFuture<Response> answer = new CompletableFuture<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        connection
                .channel()
                .eventLoop()
                .execute(() -> connection.send(Connection.bytes(request), new Connection.ResponseListener() {
                    @Override
                    public void body(int status, ByteBuf part) {
                        byte[] bytes = new byte[part.readableBytes()];
                        part.getBytes(part.readerIndex(), bytes);
                        body.writeBytes(bytes);
                    }

                    @Override
                    public void end(int status) {
                        answer.complete(new Response(status, body.toString(StandardCharsets.UTF_8)));
                    }

                    @Override
                    public void failed(Throwable cause) {
                        answer.completeExceptionally(cause);
                    }
                }));
        Response response = await(answer);
        idle.add(connection);
        return response;
    }

    /** A watch; ends when closed. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Opens a watch; each line of its body goes to the consumer, on the event loop. */
    public Watch watch(byte[] request, Consumer<ByteBuf> line) throws IOException {
        Connection connection = connect();
        CompletableFuture<Void> opened = new CompletableFuture<>();
        LineSplitter splitter = new LineSplitter(line);
        connection.channel().eventLoop().execute(() -> {
            connection.send(Connection.bytes(request), new Connection.ResponseListener() {
                @Override
                public void body(int status, ByteBuf part) {
                    if (status >= 300) {
                        opened.completeExceptionally(new IOException(
                                "watch refused: " + status + " " + part.toString(StandardCharsets.UTF_8)));
                    }
                    splitter.add(part);
                }

                @Override
                public void end(int status) {
                    splitter.release();
                }

                @Override
                public void failed(Throwable cause) {
                    splitter.release();
                }
            });
            opened.complete(null);
        });
        await(opened);
        return () -> connection.channel().close().syncUninterruptibly();
    }

    private List<Connection> take(int number) throws IOException {
        idle.removeIf(c -> !c.channel().isActive());
        List<Connection> taken = new ArrayList<>();
        while (taken.size() < number) {
            taken.add(idle.isEmpty() ? connect() : idle.removeLast());
        }
        return taken;
    }

    private Connection connect() throws IOException {
        CompletableFuture<Connection> connected = new CompletableFuture<>();
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        Connection connection = new Connection(channel);
                        target.tls().ifPresent(tls -> channel.pipeline().addLast(handler(tls, channel)));
                        channel.pipeline().addLast(new HttpResponseDecoder(4096, 16 << 10, CHUNK), connection);
                        channel.attr(CONNECTION).set(connection);
                    }
                });
        bootstrap.connect(target.address()).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                ready(done.channel(), connected);
            } else {
                connected.completeExceptionally(done.cause());
            }
        });
        return await(connected);
    }

    private SslHandler handler(SslContext tls, SocketChannel channel) {
        return tls.newHandler(channel.alloc(), target.host(), target.address().getPort());
    }

    private static void ready(Channel channel, CompletableFuture<Connection> connected) {
        Connection connection = channel.attr(CONNECTION).get();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            connected.complete(connection);
            return;
        }
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                connected.complete(connection);
            } else {
                connected.completeExceptionally(done.cause());
            }
        });
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + MAX_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
