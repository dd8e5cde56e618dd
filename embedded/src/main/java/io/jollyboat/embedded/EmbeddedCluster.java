package io.jollyboat.embedded;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.controllers.ApiClients;
import io.jollyboat.controllers.ControllerManager;
import io.jollyboat.controllers.ControllerManagerConfig;
import io.jollyboat.controllers.nodelifecycle.NodeLifecycleConfig;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kubelet.SimulatedNodes;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.Scheduler;
import io.jollyboat.scheduler.SchedulerConfig;
import io.jollyboat.tls.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * API server, scheduler, controllers and simulated nodes in one JVM. Each talks to the API server through its own
 * certificate, as a process does; pods on simulated nodes become Running and run nothing.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final String POD_CIDR = "10.200.0.0/16";
    private static final Duration LEASE_RENEWAL = Duration.ofSeconds(10);

    private final EmbeddedApiServer apiServer;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private EmbeddedCluster(EmbeddedApiServer apiServer) {
        this.apiServer = apiServer;
        parts.push(apiServer);
    }

    /** Starts everything; returns when the API server is ready. Nodes report in soon after. */
    public static EmbeddedCluster start(int nodes) throws IOException {
        Runtime runtime = SystemRuntime.instance();
        EmbeddedCluster cluster = new EmbeddedCluster(EmbeddedApiServer.start());
        try {
            cluster.startControllers(runtime);
            cluster.startScheduler(runtime);
            cluster.startNodes(nodes, runtime);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The doors, certificates and kubeconfig. */
    public EmbeddedApiServer apiServer() {
        return apiServer;
    }

    private void startControllers(Runtime runtime) throws IOException {
        Pki pki = apiServer.pki();
        GrpcApiClient client = apiServer.client(pki.controllerManager(), "kube-controller-manager");
        ControllerManager manager = new ControllerManager(
                ControllerManagerConfig.embedded(POD_CIDR, NodeLifecycleConfig.defaults())
                        .withKeys(pki.clusterAuthority(), pki.clusterAuthorityKey(), pki.serviceAccountPrivateKey()),
                Files.readString(pki.clusterAuthority()),
                ApiClients.over(client, runtime),
                runtime,
                new Metrics());
        parts.push(manager);
        manager.start();
    }

    private void startScheduler(Runtime runtime) {
        GrpcApiClient client = apiServer.client(apiServer.pki().scheduler(), "kube-scheduler");
        SharedInformers informers = new SharedInformers(client, runtime);
        parts.push(informers);
        Scheduler scheduler = new Scheduler(
                SchedulerConfig.embedded(), "embedded", client, informers, runtime, new Metrics(), () -> {});
        parts.push(scheduler);
        scheduler.start();
        informers.start();
    }

    /** All nodes share one connection, so they act as the administrator: a certificate would name one node only. */
    private void startNodes(int count, Runtime runtime) throws IOException {
        GrpcApiClient client = apiServer.adminClient();
        SharedInformers informers = new SharedInformers(client, runtime);
        parts.push(informers);
        List<String> names =
                IntStream.rangeClosed(1, count).mapToObj(i -> "node-" + i).toList();
        SimulatedNodes nodes =
                new SimulatedNodes(client, informers, names, SimulatedNodes.CAPACITY, LEASE_RENEWAL, runtime);
        parts.push(nodes);
        informers.start();
        nodes.start();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the cluster did not close", e);
            }
        }
    }
}
