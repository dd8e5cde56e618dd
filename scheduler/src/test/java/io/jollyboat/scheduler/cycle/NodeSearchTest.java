package io.jollyboat.scheduler.cycle;

import static io.jollyboat.scheduler.Objects.cordoned;
import static io.jollyboat.scheduler.Objects.labelled;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static io.jollyboat.scheduler.Objects.quantity;
import static io.jollyboat.scheduler.Objects.tainted;
import static io.jollyboat.scheduler.Objects.withHostPort;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.NodeAffinity;
import io.jollyboat.api.core.v1.NodeSelector;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.scheduler.FakeApi;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.plugins.BuiltInPlugins;
import io.jollyboat.scheduler.state.ClusterState;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The built-in profile against upstream's texts and choices. */
class NodeSearchTest {
    private static final String NO_CLAIMS = "no new claims to deallocate, preemption: ";

    private final ClusterState cluster = new ClusterState();
    private final NodeSearch search = search(0);

    private NodeSearch search(int percentage) {
        Profile profile = BuiltInPlugins.profile("default-scheduler", percentage, new FakeApi(), namespace -> Map.of());
        return new NodeSearch(profile, cluster, new Random(1));
    }

    private String place(Pod pod) {
        return switch (search.search(new PodInfo(pod))) {
            case Attempt.Placed placed -> placed.nodeName();
            case Attempt.NoFit noFit -> noFit.message();
            case Attempt.NoNodes _ -> "no nodes";
            case Attempt.Broken(String reason) -> reason;
        };
    }

    @Test
    void saysHowManyNodesFailForWhat() {
        cluster.putNode(node("a"));
        assertThat(place(pod("p", "100", "")))
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu. " + NO_CLAIMS
                        + "0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
        assertThat(place(pod("p", "100", "10Ti")))
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. " + NO_CLAIMS
                        + "0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
        cluster.putNode(cordoned(node("b")));
        cluster.putNode(tainted(node("c"), "k", "NoSchedule"));
        cluster.putNode(tainted(node("d"), "k", "NoExecute"));
        assertThat(place(pod("p", "100", "")))
                .isEqualTo("0/4 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 2 node(s) had"
                        + " untolerated taint(s). " + NO_CLAIMS
                        + "0/4 nodes are available: 4 Preemption is not helpful for scheduling.");
    }

    @Test
    void saysWhatPreemptionCouldDo() {
        cluster.putNode(node("a"));
        cluster.putPod(new PodInfo(onNode(withHostPort(pod("first"), "", 31911, "TCP"), "a")));
        assertThat(place(withHostPort(pod("second"), "", 31911, "TCP")))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. "
                        + NO_CLAIMS + "0/1 nodes are available: 1 No preemption victims found for incoming pod.");
    }

    @Test
    void namesThePluginsThatLeaveNodesOut() {
        cluster.putNode(node("a"));
        Pod.Builder pod = pod("p").toBuilder();
        pod.getSpecBuilder()
                .setAffinity(Affinity.newBuilder()
                        .setNodeAffinity(NodeAffinity.newBuilder()
                                .setRequiredDuringSchedulingIgnoredDuringExecution(NodeSelector.newBuilder()
                                        .addNodeSelectorTerms(NodeSelectorTerm.newBuilder()
                                                .addMatchFields(NodeSelectorRequirement.newBuilder()
                                                        .setKey("metadata.name")
                                                        .setOperator("In")
                                                        .addValues("nope"))))));
        assertThat(place(pod.build()))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. " + NO_CLAIMS
                        + "0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
        cluster.putNode(node("nope"));
        assertThat(place(pod.build())).isEqualTo("nope");
    }

    @Test
    void refusesWhatItCannotKeep() {
        cluster.putNode(node("a"));
        Pod.Builder pod = pod("p").toBuilder();
        pod.getSpecBuilder()
                .addVolumesBuilder()
                .setName("v")
                .getVolumeSourceBuilder()
                .getPersistentVolumeClaimBuilder()
                .setClaimName("x");
        assertThat(place(pod.build()))
                .startsWith("0/1 nodes are available: this scheduler does not support persistent volume claims yet.");
    }

    @Test
    void withoutNodes() {
        assertThat(place(pod("p"))).isEqualTo("no nodes");
    }

    @Test
    void spreadsLikePodsOverLikeNodes() {
        for (int i = 0; i < 10; i++) {
            cluster.putNode(node("n" + i));
        }
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            PodInfo pod = new PodInfo(pod("p" + i));
            String node = place(pod.pod());
            cluster.assume(pod, node);
            counts.merge(node, 1, Integer::sum);
        }
        assertThat(counts.values()).hasSize(10).containsOnly(10);
    }

    @Test
    void keptResultsAreThoseOfANewSearch() {
        // The same decisions, step by step, by a search that knows nothing from before.
        Random random = new Random(5);
        Profile profile = BuiltInPlugins.profile("default-scheduler", 0, new FakeApi(), namespace -> Map.of());
        AtomicReference<Random> dice = new AtomicReference<>();
        NodeSearch kept = new NodeSearch(profile, cluster, () -> dice.get().nextLong());
        for (int i = 0; i < 20; i++) {
            cluster.putNode(node("n" + i, 1 + random.nextInt(4) + "", "4Gi"));
        }
        for (int i = 0; i < 200; i++) {
            PodInfo pod = new PodInfo(pod("p" + i, 50 * (1 + i % 3) + "m", "64Mi"));
            if (i % 17 == 0) {
                cluster.putNode(labelled(tainted(node("n" + i % 20), "k" + i, "PreferNoSchedule"), "l", "" + i));
            }
            NodeSearch fresh = new NodeSearch(profile, cluster, () -> dice.get().nextLong());
            dice.set(new Random(i));
            Attempt expected = fresh.search(pod);
            dice.set(new Random(i));
            Attempt actual = kept.search(pod);
            assertThat(nodeOf(actual)).isEqualTo(nodeOf(expected));
            if (actual instanceof Attempt.Placed placed) {
                cluster.assume(pod, placed.nodeName());
            }
        }
    }

    private static String nodeOf(Attempt attempt) {
        return attempt instanceof Attempt.Placed placed ? placed.nodeName() : attempt.toString();
    }

    @Test
    void looksForFewerNodesTheMoreThereAre() {
        assertThat(search(0).feasibleToFind(50)).isEqualTo(50);
        assertThat(search(0).feasibleToFind(100)).isEqualTo(100);
        assertThat(search(0).feasibleToFind(1000)).isEqualTo(420);
        assertThat(search(0).feasibleToFind(6000)).isEqualTo(300);
        assertThat(search(30).feasibleToFind(1000)).isEqualTo(300);
        assertThat(search(100).feasibleToFind(1000)).isEqualTo(1000);
        assertThat(search(5).feasibleToFind(1000)).isEqualTo(100);
    }

    @Test
    void aResourceThatAppearsIsSeen() {
        cluster.putNode(node("a"));
        Pod.Builder pod = pod("p").toBuilder();
        pod.getSpecBuilder()
                .getContainersBuilder(0)
                .getResourcesBuilder()
                .putRequests("example.com/gpu", quantity("1"));
        assertThat(place(pod.build())).contains("1 Insufficient example.com/gpu.");
        var with = node("a").toBuilder();
        with.getStatusBuilder().putAllocatable("example.com/gpu", quantity("1"));
        cluster.putNode(with.build());
        assertThat(place(pod.build())).isEqualTo("a");
    }
}
