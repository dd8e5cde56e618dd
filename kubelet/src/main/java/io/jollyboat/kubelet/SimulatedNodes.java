package io.jollyboat.kubelet;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.client.ApiClient;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.SimulatedRuntime;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Many nodes in one JVM: kubelets with simulated containers that share one watch of all pods. */
public final class SimulatedNodes implements AutoCloseable {
    /** What each node has, by default. */
    public static final Map<String, Quantity> CAPACITY = Map.of(
            "cpu", quantity("8"),
            "memory", quantity("32Gi"),
            "ephemeral-storage", quantity("100Gi"),
            "pods", quantity("110"));

    private final List<Kubelet> kubelets = new ArrayList<>();
    private final List<ContainerRuntime> runtimes = new ArrayList<>();
    private final SharedFeed feed;

    /**
     * @param informers of the caller's, who starts them after this
     * @param names of the nodes
     * @param leaseRenewal and how often each looks at itself
     */
    public SimulatedNodes(
            ApiClient client,
            Informers informers,
            List<String> names,
            Map<String, Quantity> capacity,
            Duration leaseRenewal,
            Runtime runtime) {
        this.feed = new SharedFeed(informers.of(Kinds.of(Pod.class)));
        Informer<Service> services = informers.of(Kinds.of(Service.class));
        int number = 0;
        for (String name : names) {
            number++;
            String ip = "10." + (90 + number / 65536) + "." + number / 256 % 256 + "." + number % 256;
            ContainerRuntime containers = containers(runtime);
            runtimes.add(containers);
            kubelets.add(new Kubelet(
                    config(name, ip, capacity, leaseRenewal),
                    client,
                    feed.of(name),
                    services,
                    containers,
                    runtime,
                    new Metrics()));
        }
    }

    /** A runtime of containers in memory that has any image. */
    static ContainerRuntime containers(Runtime runtime) {
        return new SimulatedRuntime(runtime, image -> true);
    }

    public void start() throws IOException {
        for (Kubelet kubelet : kubelets) {
            kubelet.start();
        }
    }

    @Override
    public void close() {
        kubelets.forEach(Kubelet::close);
        runtimes.forEach(ContainerRuntime::close);
    }

    private static KubeletConfig config(String name, String ip, Map<String, Quantity> capacity, Duration leaseRenewal) {
        KubeletConfig d = KubeletConfig.defaults();
        Path nowhere = Path.of("/nonexistent");
        return new KubeletConfig(
                name,
                ip,
                null,
                KubeletConfig.RuntimeKind.SIMULATED,
                "",
                nowhere,
                nowhere,
                List.of(),
                d.clusterDomain(),
                nowhere,
                d.cniConfDir(),
                d.port(),
                d.certFile(),
                d.keyFile(),
                d.clientCaFile(),
                d.clientNames(),
                d.cgroupRoot(),
                d.maxPods(),
                d.parallelImagePulls(),
                capacity,
                d.reserved(),
                Map.of("type", "simulated"),
                d.minFreeMemory(),
                0,
                leaseRenewal,
                leaseRenewal,
                d.containerLogMaxSize(),
                d.containerLogMaxFiles());
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }

    /** Deals the changes of all pods out to their nodes. */
    private static final class SharedFeed {
        private final Informer<Pod> all;
        private final Map<String, Informer.ChangeHandler<Pod>> byNode = new ConcurrentHashMap<>();

        SharedFeed(Informer<Pod> all) {
            this.all = all;
            all.addIndex("node", pod -> List.of(pod.getSpec().getNodeName()));
            all.addHandler(this::deal);
        }

        PodFeed of(String node) {
            return new PodFeed() {
                @Override
                public void subscribe(Informer.ChangeHandler<Pod> handler) {
                    byNode.put(node, handler);
                    // What came before; an addition that is told twice changes nothing.
                    all.byIndex("node", node).forEach(pod -> handler.onChange(null, pod));
                }

                @Override
                public boolean hasSynced() {
                    return all.hasSynced();
                }
            };
        }

        private void deal(Pod before, Pod after) {
            String node = (after != null ? after : before).getSpec().getNodeName();
            Informer.ChangeHandler<Pod> handler = byNode.get(node);
            if (handler != null) {
                boolean here = before != null && before.getSpec().getNodeName().equals(node);
                handler.onChange(here ? before : null, after);
            }
        }
    }
}
