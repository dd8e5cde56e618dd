package io.jollyboat.embedded;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Kubeconfigs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * An embedded cluster in the foreground: {@code EmbeddedMain NODES NAME KUBECONFIG}, until SIGTERM or SIGINT; its context
 * NAME stands in KUBECONFIG for that time. With {@code --train} instead, it runs a Deployment once and ends: the JVM
 * then records what the processes load at their start.
 */
public final class EmbeddedMain {
    private static final Duration TRAINING_DEADLINE = Duration.ofSeconds(60);
    private static final String TRAINING = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: training, namespace: default}
            spec:
              replicas: 2
              selector: {matchLabels: {app: training}}
              template:
                metadata: {labels: {app: training}}
                spec:
                  containers: [{name: main, image: "training:1"}]
            """;

    private EmbeddedMain() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals("--train")) {
            train();
            System.exit(0);
        }
        if (arguments.length != 3) {
            System.err.println("usage: EmbeddedMain NODES NAME KUBECONFIG");
            System.exit(1);
        }
        run(Integer.parseInt(arguments[0]), arguments[1], Path.of(arguments[2]));
    }

    private static void run(int nodes, String name, Path kubeconfig) throws IOException, InterruptedException {
        EmbeddedCluster cluster = EmbeddedCluster.start(nodes);
        Kubeconfigs kubeconfigs = new Kubeconfigs(SystemRuntime.instance());
        kubeconfigs.merge(
                kubeconfig,
                name,
                cluster.apiServer().url(),
                cluster.apiServer().pki().portableAdmin());
        CountDownLatch ended = new CountDownLatch(1);
        SystemRuntime.instance().onShutdown(() -> {
            kubeconfigs.remove(kubeconfig, name);
            cluster.close();
            ended.countDown();
        });
        System.out.println("ready at " + cluster.apiServer().url() + ": kubectl uses the context " + name + " in "
                + kubeconfig + "; Ctrl-C ends it");
        ended.await();
    }

    private static void train() throws IOException, InterruptedException {
        ResourceType<Deployment> type = Kinds.of(Deployment.class);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                GrpcApiClient client = cluster.apiServer().adminClient()) {
            Deployment wanted = YamlCodec.decode(
                            TRAINING.getBytes(StandardCharsets.UTF_8),
                            type.prototype(),
                            io.jollyboat.codec.Strictness.STRICT)
                    .message();
            client.create(type, wanted);
            var runtime = SystemRuntime.instance();
            long end = runtime.nanoTime() + TRAINING_DEADLINE.toNanos();
            while (client.get(type, ObjectKey.of("default", "training"))
                            .getStatus()
                            .getAvailableReplicas()
                    < 2) {
                if (runtime.nanoTime() > end) {
                    throw new IllegalStateException("the training Deployment did not become available");
                }
                runtime.sleep(Duration.ofMillis(100));
            }
        }
    }
}
