package io.jollyboat.client;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;

/** A fake server and a client of it, without a network. */
public final class InProcess implements AutoCloseable {
    public final FakeObjectServer fake = new FakeObjectServer();
    public final GrpcApiClient client;
    private final Server server;
    private final ManagedChannel channel;

    public InProcess() {
        String name = InProcessServerBuilder.generateName();
        try {
            server = InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(fake)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        channel = InProcessChannelBuilder.forName(name).build();
        client = GrpcApiClient.over(channel, "test", channel::shutdownNow);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }
}
