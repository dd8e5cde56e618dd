package io.jollyboat.bench.scheduler;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.Scheduler;
import io.jollyboat.scheduler.SchedulerConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code SchedulerBench [NODES] [PODS]}: an API server with its data in memory and a scheduler, in this JVM, over the
 * gRPC door with TLS and RBAC. Prints one line of JSON: pods that wait already, placed and bound, per second.
 */
public final class SchedulerBench {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final int IN_FLIGHT = 64;

    private final EmbeddedApiServer server;
    private final ApiClient admin;
    private final int nodes;
    private final int pods;

    private SchedulerBench(EmbeddedApiServer server, int nodes, int pods) {
        this.server = server;
        this.admin = server.adminClient();
        this.nodes = nodes;
        this.pods = pods;
    }

    public static void main(String[] args) throws InterruptedException {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int pods = args.length > 1 ? Integer.parseInt(args[1]) : 3_000;
        try (EmbeddedApiServer server = EmbeddedApiServer.start()) {
            SchedulerBench bench = new SchedulerBench(server, nodes, pods);
            bench.prepare();
            bench.run("warm", pods / 3, false);
            bench.run("bench", pods, true);
        }
        System.exit(0);
    }

    private void prepare() throws InterruptedException {
        for (String namespace : new String[] {"warm", "bench"}) {
            admin.create(
                    Kinds.of(Namespace.class),
                    Namespace.newBuilder()
                            .setMetadata(ObjectMeta.newBuilder().setName(namespace))
                            .build());
            admin.create(
                    Kinds.of(ServiceAccount.class),
                    ServiceAccount.newBuilder()
                            .setMetadata(ObjectMeta.newBuilder()
                                    .setNamespace(namespace)
                                    .setName("default"))
                            .build());
        }
        inParallel(nodes, i -> {
            Node node = Node.newBuilder()
                    .setMetadata(ObjectMeta.newBuilder().setName("node-" + i))
                    .setStatus(NodeStatus.newBuilder()
                            .putAllocatable("cpu", quantity("32"))
                            .putAllocatable("memory", quantity("128Gi"))
                            .putAllocatable("pods", quantity(Integer.toString(10 + 3 * pods / nodes))))
                    .build();
            // As when a controller has found it ready.
            Node created = admin.create(NODES, node);
            Node untainted = admin.update(
                    NODES,
                    created.toBuilder()
                            .setSpec(created.getSpec().toBuilder().clearTaints())
                            .build());
            admin.updateStatus(
                    NODES, untainted.toBuilder().setStatus(node.getStatus()).build());
        });
    }

    private void run(String namespace, int count, boolean print) throws InterruptedException {
        inParallel(count, i -> admin.create(PODS, pod(namespace, i)));
        ApiClient client = server.client(server.pki().scheduler(), "kube-scheduler");
        CountDownLatch bound = new CountDownLatch(count);
        AtomicInteger placed = new AtomicInteger();
        try (SharedInformers informers = new SharedInformers(client, RUNTIME);
                Scheduler scheduler = new Scheduler(
                        SchedulerConfig.embedded(), "bench", client, informers, RUNTIME, new Metrics(), () -> {});
                SharedInformers watching = new SharedInformers(admin, RUNTIME)) {
            Informer<Pod> observed = watching.of(PODS);
            observed.addHandler((before, after) -> {
                boolean was = before != null && !before.getSpec().getNodeName().isEmpty();
                boolean is = after != null && !after.getSpec().getNodeName().isEmpty();
                if (is && !was && after.getMetadata().getNamespace().equals(namespace)) {
                    placed.incrementAndGet();
                    bound.countDown();
                }
            });
            watching.start();
            observed.awaitSync();
            scheduler.start();
            long start = RUNTIME.nanoTime();
            informers.start();
            while (bound.getCount() > 0) {
                RUNTIME.sleep(Duration.ofMillis(1));
            }
            double seconds = (RUNTIME.nanoTime() - start) / 1e9;
            if (print) {
                System.out.printf(
                        Locale.ROOT,
                        "{\"bench\":\"scheduler\",\"nodes\":%d,\"pods\":%d,\"seconds\":%.3f,\"podsPerSecond\":%.0f}%n",
                        nodes,
                        placed.get(),
                        seconds,
                        placed.get() / seconds);
            }
        }
    }

    private static Pod pod(String namespace, int i) {
        PodSpec.Builder spec = PodSpec.newBuilder();
        Container.Builder container = Container.newBuilder().setName("c").setImage("web:1");
        container.getResourcesBuilder().putRequests("cpu", quantity("10m")).putRequests("memory", quantity("10Mi"));
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace(namespace).setName("pod-" + i))
                .setSpec(spec.addContainers(container))
                .build();
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }

    private interface Step {
        void run(int i);
    }

    private static void inParallel(int count, Step step) throws InterruptedException {
        Semaphore permits = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < count; i++) {
            permits.acquire();
            int number = i;
            RUNTIME.start("load", () -> {
                try {
                    step.run(number);
                } finally {
                    permits.release();
                }
            });
        }
        permits.acquire(IN_FLIGHT);
    }
}
