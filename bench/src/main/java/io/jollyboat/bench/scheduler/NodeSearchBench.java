package io.jollyboat.bench.scheduler;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.cycle.Attempt;
import io.jollyboat.scheduler.cycle.NodeSearch;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.plugins.BuiltInPlugins;
import io.jollyboat.scheduler.state.ClusterState;
import java.util.Locale;
import java.util.Map;

/**
 * {@code NodeSearchBench [NODES] [PODS]}: the choice of nodes alone, without an API server: for pods that are all alike,
 * and for pods that are all different. One line of JSON each.
 */
public final class NodeSearchBench {
    private static final Runtime RUNTIME = SystemRuntime.instance();

    private NodeSearchBench() {}

    public static void main(String[] args) {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        int pods = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        for (String run : new String[] {"warm", "run"}) {
            measure(run, "alike", nodes, pods, 1);
            measure(run, "different", nodes, pods, pods);
        }
    }

    private static void measure(String run, String kind, int nodes, int pods, int classes) {
        ClusterState cluster = new ClusterState();
        for (int i = 0; i < nodes; i++) {
            cluster.putNode(Node.newBuilder()
                    .setMetadata(ObjectMeta.newBuilder().setName("node-" + i))
                    .setStatus(NodeStatus.newBuilder()
                            .putAllocatable("cpu", quantity("64"))
                            .putAllocatable("memory", quantity("256Gi"))
                            .putAllocatable("pods", quantity("500")))
                    .build());
        }
        NodeSearch search = new NodeSearch(
                // Nothing is bound.
                BuiltInPlugins.profile("default-scheduler", 0, null, namespace -> Map.of()), cluster, RUNTIME.random());
        long start = RUNTIME.nanoTime();
        int placed = 0;
        for (int i = 0; i < pods; i++) {
            PodInfo pod = new PodInfo(pod(i, i % classes));
            if (search.search(pod) instanceof Attempt.Placed found) {
                cluster.assume(pod, found.nodeName());
                placed++;
            }
        }
        double seconds = (RUNTIME.nanoTime() - start) / 1e9;
        if (run.equals("run")) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"bench\":\"node search\",\"pods\":\"%s\",\"nodes\":%d,\"placed\":%d,\"microsPerPod\":%.1f}%n",
                    kind,
                    nodes,
                    placed,
                    seconds * 1e6 / pods);
        }
    }

    private static Pod pod(int number, int variant) {
        Container.Builder container = Container.newBuilder().setName("c").setImage("web:1");
        container
                .getResourcesBuilder()
                .putRequests("cpu", quantity("10m"))
                .putRequests("memory", quantity(10_000_000 + variant + ""));
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("default")
                        .setName("pod-" + number)
                        .setUid("uid-" + number))
                .setSpec(PodSpec.newBuilder().addContainers(container))
                .build();
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }
}
