package io.jollyboat.apiserver.storage;

import io.jollyboat.tls.TlsFiles;
import java.time.Duration;
import java.util.List;

/**
 * @param endpoints {@code host:port} of each member
 * @param tls null for plain text
 * @param requestTimeout after which a call fails; etcd itself gives up after 7 seconds
 */
public record EtcdConfig(List<String> endpoints, TlsFiles tls, Duration requestTimeout) {
    private static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    public EtcdConfig {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoint of etcd is given");
        }
        endpoints = List.copyOf(endpoints);
    }

    public static EtcdConfig of(List<String> endpoints, TlsFiles tls) {
        return new EtcdConfig(endpoints, tls, DEFAULT_REQUEST_TIMEOUT);
    }
}
