package io.jollyboat.apiserver;

import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.process.ProcessContext;
import io.jollyboat.process.ProcessMain;
import io.jollyboat.tls.TlsFiles;
import java.util.List;

/** The API server as a process: {@code ApiServerMain --config FILE}. */
public final class ApiServerMain {
    private ApiServerMain() {}

    public static void main(String[] args) {
        ProcessMain.run("api-server", args, ApiServerConfig.class, ApiServerMain::start);
    }

    private static AutoCloseable start(ApiServerConfig config, ProcessContext context) {
        ApiServerConfig.Etcd etcd = config.etcd();
        if (etcd == null) {
            throw new IllegalArgumentException("etcd: must be set, the API server keeps its data there");
        }
        TlsFiles files = new TlsFiles(etcd.certFile(), etcd.keyFile(), etcd.caFile());
        EtcdStore store = EtcdStore.open(EtcdConfig.of(addresses(etcd), files), context.runtime());
        ApiServer server;
        try {
            server = new ApiServer(config, context.runtime(), store, context.metrics());
            server.start();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        return () -> {
            server.close();
            store.close();
        };
    }

    /** etcd's clients are verified by certificate, so there is no plain door to it. */
    private static List<String> addresses(ApiServerConfig.Etcd etcd) {
        return etcd.endpoints().stream()
                .map(endpoint -> {
                    if (!endpoint.startsWith("https://")) {
                        throw new IllegalArgumentException(
                                "etcd.endpoints: \"" + endpoint + "\" must begin with https://");
                    }
                    return endpoint.substring("https://".length());
                })
                .toList();
    }
}
