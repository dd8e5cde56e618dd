package io.jollyboat.controllers;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Binds pods to nodes in turn, makes them run, ends deleted ones, and renews the nodes' leases. */
final class FakeKubelets implements Runnable, AutoCloseable {
    private static final ResourceType<Lease> LEASES = Kinds.of(Lease.class);

    private final ApiClient api;
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private volatile boolean held;
    private Thread thread;
    private int turn;
    private int failures;

    FakeKubelets(ApiClient api) {
        this.api = api;
    }

    void start() {
        thread = SystemRuntime.instance().start("fake kubelets", this);
    }

    void silence(String node) {
        silent.add(node);
    }

    /** While held, deleted pods do not end. */
    void hold(boolean on) {
        held = on;
    }

    int failures() {
        return failures;
    }

    @Override
    public void run() {
        try {
            for (int round = 0; ; round++) {
                try {
                    round(round);
                } catch (ApiException e) {
                    failures++; // the server is away
                }
                SystemRuntime.instance().sleep(Duration.ofMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(int number) {
        if (number % 50 == 0) {
            renewLeases();
        }
        for (Pod pod : api.list(Types.PODS, "", Selection.ALL).items()) {
            try {
                tend(pod);
            } catch (ApiException e) {
                failures++; // changed meanwhile; the next round sees it
            }
        }
    }

    private void renewLeases() {
        for (Node node : api.list(Types.NODES, "", Selection.ALL).items()) {
            String name = node.getMetadata().getName();
            if (silent.contains(name)) {
                continue;
            }
            Lease.Builder lease = Lease.newBuilder();
            lease.getMetadataBuilder().setName(name).setNamespace("kube-node-lease");
            lease.getSpecBuilder()
                    .setRenewTime(Times.microTime(SystemRuntime.instance().now()));
            try {
                lease.setMetadata(api.get(LEASES, LEASES.key(lease.build())).getMetadata());
                api.update(LEASES, lease.build());
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    api.create(LEASES, lease.build());
                }
            }
        }
    }

    private void tend(Pod pod) {
        String node = pod.getSpec().getNodeName();
        if (node.isEmpty()) {
            bind(pod);
        } else if (silent.contains(node)) {
            return;
        } else if (pod.getMetadata().hasDeletionTimestamp()) {
            if (!held) {
                api.delete(
                        Types.PODS,
                        Types.PODS.key(pod),
                        DeleteOptions.newBuilder().setGracePeriodSeconds(0).build());
            }
        } else if (!pod.getStatus().getPhase().equals("Running")) {
            Pod.Builder running = pod.toBuilder();
            String ip = "10.200.0." + (10 + turn++ % 200);
            running.getStatusBuilder()
                    .setPhase("Running")
                    .setPodIP(ip)
                    .addConditionsBuilder()
                    .setType("Ready")
                    .setStatus("True")
                    .setLastTransitionTime(Times.time(SystemRuntime.instance().now()));
            running.getStatusBuilder().addPodIPsBuilder().setIp(ip);
            api.updateStatus(Types.PODS, running.build());
        }
    }

    private void bind(Pod pod) {
        List<Node> nodes = api.list(Types.NODES, "", Selection.ALL).items().stream()
                .filter(n -> n.getSpec().getTaintsCount() == 0)
                .toList();
        if (nodes.isEmpty() || pod.getMetadata().hasDeletionTimestamp()) {
            return;
        }
        Binding.Builder binding = Binding.newBuilder();
        binding.getMetadataBuilder()
                .setNamespace(pod.getMetadata().getNamespace())
                .setName(pod.getMetadata().getName());
        binding.getTargetBuilder()
                .setKind("Node")
                .setName(nodes.get(turn++ % nodes.size()).getMetadata().getName());
        api.createSubresource(Types.PODS, Types.PODS.key(pod), "binding", binding.build(), Status.getDefaultInstance());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
