package io.jollyboat.apiserver.grpc;

import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.audit.AuditLog;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The door for the cluster's own components: gRPC with client certificates. */
public final class GrpcDoor implements AutoCloseable {
    /** More than any object may have. */
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private static final int MAX_METADATA_BYTES = 16 * 1024;
    /** Far more than a component needs, each of which has one connection. */
    private static final int MAX_CALLS = 4_096;

    private final InetSocketAddress address;
    private final Server server;
    private final ObjectServiceEndpoint endpoint;
    private final RemoteEndpoint remote;

    /**
     * @param started completes when the objects are there that every cluster has; calls wait for it, not for ever
     * @param audit what is written of calls
     * @param aggregation knows which calls are for other servers
     */
    public GrpcDoor(
            InetSocketAddress address,
            ServerCredentials credentials,
            Runtime runtime,
            AccessGate gate,
            ServedKinds kinds,
            ResourceService resources,
            Metrics metrics,
            CompletableFuture<Void> started,
            Optional<AuditLog> audit,
            Aggregation aggregation) {
        this.address = address;
        ObjectAccess access = new ObjectAccess(gate, kinds);
        CallAudits audits = new CallAudits(audit, access, runtime);
        CallOutcomes outcomes = new CallOutcomes(metrics);
        this.endpoint = new ObjectServiceEndpoint(runtime, access, audits, outcomes, resources);
        this.remote = new RemoteEndpoint(runtime, access, audits, outcomes, aggregation);
        this.server = NettyServerBuilder.forAddress(address, credentials)
                .executor(task -> runtime.start("grpc call", task))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS)
                .handshakeTimeout(32, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                // A client that vanished is gone after so long, and its calls with it.
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(15, TimeUnit.SECONDS)
                // A renewed certificate counts from the next connection on. Watches resume where they stood.
                .maxConnectionAge(2, TimeUnit.HOURS)
                .maxConnectionAgeGrace(10, TimeUnit.SECONDS)
                .addService(ServerInterceptors.intercept(
                        new RoutingEndpoint(aggregation.objects(), endpoint, remote),
                        new CallerInterceptor(audit.isPresent()),
                        new StartGate(started)))
                .build();
    }

    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** No new calls from here on; watches end, so that components go elsewhere. */
    public void drain() {
        server.shutdown();
        endpoint.endWatches();
        remote.endWatches();
    }

    @Override
    public void close() {
        drain();
        try {
            if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
