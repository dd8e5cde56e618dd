package io.jollyboat.bench.target;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * An API server and our credentials.
 *
 * @param host as certificates and the Host header have it
 * @param tls empty for plain HTTP
 * @param token sent as bearer token; empty for none
 */
public record Target(String host, InetSocketAddress address, Optional<SslContext> tls, String token) {
    /** {@code host:port}. */
    public String authority() {
        return host + ":" + address.getPort();
    }
}
