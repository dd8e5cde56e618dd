package io.jollyboat.scheduler;

import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.health.Health;
import io.jollyboat.health.HealthServer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.process.ProcessContext;
import io.jollyboat.process.ProcessMain;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** {@code scheduler --config FILE}. */
public final class SchedulerMain {
    private SchedulerMain() {}

    public static void main(String[] args) {
        ProcessMain.run("scheduler", args, SchedulerConfig.class, SchedulerMain::start);
    }

    private static AutoCloseable start(SchedulerConfig config, ProcessContext context) throws IOException {
        Health health = new Health();
        HealthServer server = new HealthServer(
                new InetSocketAddress(config.bindAddress(), config.port()),
                serving(config),
                health,
                context.metrics(),
                context.runtime());
        server.start(); // first: it fails when another scheduler runs here
        GrpcApiClient client = GrpcApiClient.connect(config.apiServer(), "kube-scheduler", context.runtime());
        SharedInformers informers = new SharedInformers(client, context.runtime());
        Scheduler scheduler = new Scheduler(
                config,
                hostName(),
                client,
                informers,
                context.runtime(),
                context.metrics(),
                () -> context.fatal().accept("leader election lost"));
        health.addReadiness("informer-sync", Health.Check.that(scheduler::isReady, "not synced yet"));
        scheduler.start();
        informers.start();
        return () -> {
            scheduler.close();
            informers.close();
            client.close();
            server.close();
        };
    }

    private static Optional<SSLContext> serving(SchedulerConfig config) {
        return config.servingCertFile()
                .map(cert -> new TlsContexts(new TlsFiles(
                                cert,
                                config.servingKeyFile().orElseThrow(),
                                config.clientCaFile().orElse(null)))
                        .jdk());
    }

    private static String hostName() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        if (!Files.isReadable(kernel)) {
            return "localhost";
        }
        // Not Files.readString: its first read is of one byte, after which files below /proc/sys are at their end.
        try (InputStream in = Files.newInputStream(kernel)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
