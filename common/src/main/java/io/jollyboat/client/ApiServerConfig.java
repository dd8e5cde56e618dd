package io.jollyboat.client;

import java.nio.file.Path;

/**
 * Where the API server's gRPC door is and who calls: the {@code apiServer} part of each component's configuration.
 *
 * @param address {@code host:port}
 * @param caFile certificates that the server's must come from, PEM
 * @param certFile the caller's certificate, PEM
 * @param keyFile the certificate's private key, PEM
 */
public record ApiServerConfig(String address, Path caFile, Path certFile, Path keyFile) {
    public ApiServerConfig {
        if (address != null) {
            int colon = address.lastIndexOf(':');
            if (colon <= 0 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
                throw new IllegalArgumentException("address: \"" + address + "\" is not host:port");
            }
        }
    }

    String host() {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
