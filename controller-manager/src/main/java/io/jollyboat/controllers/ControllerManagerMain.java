package io.jollyboat.controllers;

import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.health.Health;
import io.jollyboat.health.HealthServer;
import io.jollyboat.process.ProcessContext;
import io.jollyboat.process.ProcessMain;
import io.jollyboat.process.StartException;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** {@code controller-manager --config FILE}. */
public final class ControllerManagerMain {
    private ControllerManagerMain() {}

    public static void main(String[] args) {
        ProcessMain.run("controller-manager", args, ControllerManagerConfig.class, ControllerManagerMain::start);
    }

    private static AutoCloseable start(ControllerManagerConfig config, ProcessContext context)
            throws IOException, StartException {
        String rootCa;
        try {
            rootCa = Files.readString(config.rootCaFile());
        } catch (IOException e) {
            throw new StartException("rootCaFile: " + config.rootCaFile() + " cannot be read", e);
        }
        Health health = new Health();
        HealthServer server = new HealthServer(
                new InetSocketAddress(config.bindAddress(), config.port()),
                serving(config),
                health,
                context.metrics(),
                context.runtime());
        server.start(); // first: it fails when another manager runs here
        GrpcApiClient client = GrpcApiClient.connect(config.apiServer(), "kube-controller-manager", context.runtime());
        ControllerManager manager = new ControllerManager(
                config, rootCa, ApiClients.over(client, context.runtime()), context.runtime(), context.metrics());
        manager.start();
        return () -> {
            manager.close();
            client.close();
            server.close();
        };
    }

    private static Optional<SSLContext> serving(ControllerManagerConfig config) {
        return config.servingCertFile()
                .map(cert -> new TlsContexts(new TlsFiles(
                                cert,
                                config.servingKeyFile().orElseThrow(),
                                config.clientCaFile().orElse(null)))
                        .jdk());
    }
}
