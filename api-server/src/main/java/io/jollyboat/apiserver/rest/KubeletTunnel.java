package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a client's connection to a kubelet's: the request is sent on as an upgrade, and after that bytes go both ways as
 * they are, the kubelet's answer to the upgrade included. So SPDY and WebSocket mean what the kubelet makes of them.
 */
final class KubeletTunnel {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletTunnel.class);
    private static final int CONNECT_MILLIS = 10_000;
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int LINGER_SECONDS = 5;
    private static final byte[] END = {};

    private final Runtime runtime;
    private final Supplier<SSLContext> tls;

    KubeletTunnel(Runtime runtime, Supplier<SSLContext> tls) {
        this.runtime = runtime;
        this.tls = tls;
    }

    void open(HttpExchange exchange, KubeletLocator.Address kubelet, String path) throws InterruptedException {
        if (!exchange.wantsUpgrade()) {
            throw ApiException.badRequest("Upgrade request required");
        }
        String head = head(exchange, kubelet, path);
        Socket socket = connect(kubelet);
        try {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        } catch (IOException e) {
            closeQuietly(socket);
            throw KubeletHttp.unreachable("https://" + kubelet.authority() + path, e);
        }
        relay(exchange, socket);
    }

    /** Carries bytes both ways until either side ends; the request has been sent. */
    void relay(HttpExchange exchange, Socket socket) throws InterruptedException {
        exchange.body(); // the codec is to be done with the request
        FromClient fromClient = new FromClient(exchange);
        exchange.upgraded();
        try {
            // A kubelet that takes nothing more does not hold up the end.
            socket.setSoLinger(true, 1);
        } catch (SocketException e) {
            LOG.debug("connection to a kubelet is closed", e);
        }
        exchange.onGone(() -> {
            fromClient.over();
            // Elsewhere: closing waits for whoever is writing just now, and this is the event loop.
            runtime.start("end of tunnel", () -> closeQuietly(socket));
        });
        ChannelHandlerContext context = exchange.context();
        var _ = context.executor().submit(() -> {
            context.pipeline().addLast("tunnel", fromClient);
            // What the decoder has read but not used comes out towards the tunnel.
            context.pipeline().remove("codec");
            context.pipeline().remove("requests");
        });
        Thread upstream = runtime.start("tunnel to kubelet", () -> toKubelet(fromClient, socket));
        try {
            toClient(exchange, socket);
        } finally {
            closeQuietly(socket);
            fromClient.over();
            upstream.join();
            finish(context, fromClient);
        }
    }

    /**
     * Ends the client's connection so that what was written last arrives: one that is closed while the client still
     * sends is reset, and takes with it what the client has not read.
     */
    private static void finish(ChannelHandlerContext context, FromClient fromClient) {
        var _ = context.executor().submit(() -> {
            fromClient.discard();
            SslHandler ssl = context.pipeline().get(SslHandler.class);
            if (ssl == null || !context.channel().isActive()) {
                var _ = context.close();
                return;
            }
            var _ = ssl.closeOutbound();
            Runnable end = () -> {
                var _ = context.close();
            };
            var _ = context.executor().schedule(end, LINGER_SECONDS, TimeUnit.SECONDS);
        });
    }

    private static String head(HttpExchange exchange, KubeletLocator.Address kubelet, String path) {
        StringBuilder head = new StringBuilder(exchange.method())
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(kubelet.authority())
                .append("\r\n");
        for (Map.Entry<String, String> header : exchange.headers()) {
            String name = header.getKey();
            boolean passed = name.equalsIgnoreCase("Connection")
                    || name.equalsIgnoreCase("Upgrade")
                    || name.equalsIgnoreCase("X-Stream-Protocol-Version")
                    || name.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-");
            if (passed) {
                head.append(name).append(": ").append(header.getValue()).append("\r\n");
            }
        }
        if (exchange.method().equals("POST")) {
            head.append("Content-Length: 0\r\n");
        }
        return head.append("\r\n").toString();
    }

    private Socket connect(KubeletLocator.Address kubelet) {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(kubelet.host(), kubelet.port()), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            SSLSocket socket =
                    (SSLSocket) tls.get().getSocketFactory().createSocket(plain, kubelet.host(), kubelet.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (ConnectException e) {
            closeQuietly(plain);
            String why = "Connection refused".equals(e.getMessage()) ? "connection refused" : e.getMessage();
            throw unreachable(
                    kubelet,
                    "error dialing backend: dial tcp " + kubelet.authority() + ": connect: ",
                    new IOException(why));
        } catch (SocketTimeoutException e) {
            closeQuietly(plain);
            throw unreachable(
                    kubelet,
                    "error dialing backend: dial tcp " + kubelet.authority() + ": ",
                    new IOException("i/o timeout", e));
        } catch (IOException e) {
            closeQuietly(plain);
            throw unreachable(kubelet, "error dialing backend: ", e);
        }
    }

    private static ApiException unreachable(KubeletLocator.Address kubelet, String what, IOException e) {
        LOG.info("cannot reach a kubelet address={} error={}", kubelet.authority(), String.valueOf(e.getMessage()));
        return ApiException.of(500, "", what + e.getMessage());
    }

    private static void toClient(HttpExchange exchange, Socket socket) throws InterruptedException {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = socket.getInputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                ByteBuf copy = Unpooled.copiedBuffer(piece, 0, length);
                if (!exchange.writeMessage(copy)) {
                    return;
                }
            }
        } catch (IOException e) {
            // Either side went away: the tunnel is over.
            return;
        }
        // What was written last must get out before the connection is closed.
        var _ = exchange.context().writeAndFlush(Unpooled.EMPTY_BUFFER).await();
    }

    private static void toKubelet(FromClient fromClient, Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            for (byte[] piece = fromClient.next(); piece.length > 0; piece = fromClient.next()) {
                out.write(piece);
                out.flush();
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is being given up anyway.
        }
    }

    /** Bytes from the client; reading stops while too many wait. */
    private static final class FromClient extends ChannelInboundHandlerAdapter {
        private static final int STOP_READING_AT = 32;
        private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(4096);
        private final HttpExchange exchange;
        private boolean discarding;

        FromClient(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (discarding) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof ByteBuf bytes) {
                byte[] copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy);
                if (copy.length > 0 && !waiting.offer(copy)) {
                    var _ = context.close();
                }
                if (waiting.size() >= STOP_READING_AT) {
                    context.channel().config().setAutoRead(false);
                }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            exchange.client().left();
            over();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            exchange.client().writabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }

        byte[] next() throws InterruptedException {
            byte[] piece = waiting.take();
            if (waiting.isEmpty()) {
                exchange.context().channel().config().setAutoRead(true);
            }
            return piece;
        }

        /** Nobody wants any more; on the event loop. */
        void discard() {
            discarding = true;
            exchange.context().channel().config().setAutoRead(true);
        }

        void over() {
            if (!waiting.offer(END)) {
                waiting.clear();
                waiting.add(END);
            }
        }
    }
}
