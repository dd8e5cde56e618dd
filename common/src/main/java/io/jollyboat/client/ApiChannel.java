package io.jollyboat.client;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One connection to the API server, which carries all calls and watches. A lost connection is sought again every 100 ms or
 * so, for the time that a server takes to start, then ever later, at most every 5 s: gRPC's own pause grows to two minutes.
 */
public final class ApiChannel implements AutoCloseable {
    private static final Log LOG = Log.of(ApiChannel.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int EVEN_PAUSES = 100;
    private static final long MAX_PAUSE_MILLIS = 5_000;
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private final ManagedChannel channel;
    private final Runtime runtime;
    // Guarded by this.
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private int failures;
    private boolean connected;

    private ApiChannel(ManagedChannel channel, Runtime runtime) {
        this.channel = channel;
        this.runtime = runtime;
    }

    /** @param tls with ALPN for h2; see io.jollyboat.tls */
    public static ApiChannel connect(ApiServerConfig config, SslContext tls, Runtime runtime) {
        ApiChannel opened = new ApiChannel(
                NettyChannelBuilder.forAddress(config.host(), config.port())
                        .sslContext(tls)
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000)
                        .withOption(ChannelOption.TCP_NODELAY, true)
                        .executor(task -> runtime.start("grpc", task))
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .flowControlWindow(1 << 20)
                        // Finds a dead peer that never closed; the server must permit pings this often.
                        .keepAliveTime(30, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS)
                        .build(),
                runtime);
        opened.watchState(opened.channel.getState(true));
        return opened;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private void watchState(ConnectivityState seen) {
        channel.notifyWhenStateChanged(seen, () -> changed(channel.getState(true)));
    }

    private void changed(ConnectivityState now) {
        switch (now) {
            case READY -> {
                LOG.debug("connected", "server", channel.authority());
                synchronized (this) {
                    pauseMillis = FIRST_PAUSE_MILLIS;
                    failures = 0;
                    connected = true;
                    notifyAll();
                }
            }
            case TRANSIENT_FAILURE -> {
                lost();
                long jittered = nextPauseMillis();
                LOG.debug("connection lost", "server", channel.authority(), "retryMillis", jittered);
                runtime.schedule(Duration.ofMillis(jittered), channel::resetConnectBackoff);
            }
            case IDLE, CONNECTING -> lost();
            case SHUTDOWN -> {
                return;
            }
        }
        watchState(now);
    }

    private synchronized void lost() {
        connected = false;
    }

    /** See {@link ApiClient#pause}. */
    void pause(Duration atMost) throws InterruptedException {
        long end = runtime.nanoTime() + atMost.toNanos();
        synchronized (this) {
            if (!connected) {
                long left = atMost.toNanos();
                while (!connected && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                    left = end - runtime.nanoTime();
                }
                return;
            }
        }
        runtime.sleep(atMost);
    }

    private synchronized long nextPauseMillis() {
        long pause = pauseMillis;
        failures++;
        if (failures > EVEN_PAUSES) {
            pauseMillis = Math.min(MAX_PAUSE_MILLIS, pauseMillis * 2);
        }
        return pause / 2 + runtime.random().nextLong(pause);
    }
}
