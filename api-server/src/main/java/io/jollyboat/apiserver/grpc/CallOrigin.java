package io.jollyboat.apiserver.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;

/**
 * Where a call came from.
 *
 * @param agent what the client says it is, empty for nothing
 * @param address the other end, empty where it has none
 */
record CallOrigin(String agent, String address) {
    private static final Metadata.Key<String> AGENT = Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

    static CallOrigin of(ServerCall<?, ?> call, Metadata headers) {
        String agent = headers.get(AGENT);
        boolean known = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress;
        String address = known
                ? ((InetSocketAddress) call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                        .getAddress()
                        .getHostAddress()
                : "";
        return new CallOrigin(agent == null ? "" : agent, address);
    }
}
