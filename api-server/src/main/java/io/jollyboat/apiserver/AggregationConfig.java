package io.jollyboat.apiserver;

import io.jollyboat.apiserver.authn.FrontProxyConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How other API servers are dealt with.
 *
 * @param proxyClientCertFile what this server shows to other API servers, so that they believe whom it names
 * @param proxyClientKeyFile the certificate's key
 * @param requestHeader whom this server believes when they name somebody
 */
public record AggregationConfig(
        Optional<Path> proxyClientCertFile,
        Optional<Path> proxyClientKeyFile,
        Optional<FrontProxyConfig> requestHeader) {
    static final AggregationConfig NONE = new AggregationConfig(Optional.empty(), Optional.empty(), Optional.empty());

    public AggregationConfig {
        proxyClientCertFile = proxyClientCertFile == null ? Optional.empty() : proxyClientCertFile;
        proxyClientKeyFile = proxyClientKeyFile == null ? Optional.empty() : proxyClientKeyFile;
        requestHeader = requestHeader == null ? Optional.empty() : requestHeader;
        if (proxyClientCertFile.isPresent() != proxyClientKeyFile.isPresent()) {
            throw new IllegalArgumentException(
                    "aggregation: proxyClientCertFile and proxyClientKeyFile must be set together");
        }
    }
}
