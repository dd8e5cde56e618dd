package io.jollyboat.apiserver.storage;

import com.google.common.net.HostAndPort;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.TlsContexts;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connection to etcd. A lost one is sought again every half second: gRPC's own pauses grow to two minutes. Callbacks
 * run on the connection's event loop.
 */
final class EtcdChannel {
    private static final Log LOG = Log.of(EtcdChannel.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int WINDOW_BYTES = 4 << 20;

    private EtcdChannel() {}

    static ManagedChannel open(EtcdConfig config, Runtime runtime) {
        NettyChannelBuilder builder = builder(config.endpoints())
                .directExecutor()
                // Costs a buffer per call, and whoever calls decides what may be tried again.
                .disableRetry()
                // A watch that catches up may get a thousand objects in one message.
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .flowControlWindow(WINDOW_BYTES)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000)
                .withOption(ChannelOption.TCP_NODELAY, true)
                // Finds a peer that vanished without a word; etcd permits a ping every 5 s.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS);
        if (config.tls() == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(new TlsContexts(config.tls()).grpcNettyClient());
        }
        ManagedChannel channel = builder.build();
        follow(channel, runtime, channel.getState(true));
        return channel;
    }

    private static NettyChannelBuilder builder(List<String> endpoints) {
        if (endpoints.size() > 1) {
            // jetcd's resolver: tries one after the other, each under its own name.
            return NettyChannelBuilder.forTarget("ip:///" + String.join(",", endpoints));
        }
        HostAndPort endpoint = HostAndPort.fromString(endpoints.getFirst());
        return NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPortOrDefault(2379));
    }

    private static void follow(ManagedChannel channel, Runtime runtime, ConnectivityState seen) {
        channel.notifyWhenStateChanged(seen, () -> {
            ConnectivityState now = channel.getState(true);
            switch (now) {
                case TRANSIENT_FAILURE -> {
                    LOG.warn("etcd cannot be reached", "endpoint", channel.authority());
                    runtime.schedule(RETRY, channel::resetConnectBackoff);
                }
                case READY -> LOG.info("connected to etcd", "endpoint", channel.authority());
                case IDLE, CONNECTING -> {}
                case SHUTDOWN -> {
                    return;
                }
            }
            follow(channel, runtime, now);
        });
    }
}
