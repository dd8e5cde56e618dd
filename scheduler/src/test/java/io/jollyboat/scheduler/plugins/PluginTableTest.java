package io.jollyboat.scheduler.plugins;

import static io.jollyboat.scheduler.Objects.container;
import static io.jollyboat.scheduler.Objects.labelled;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static io.jollyboat.scheduler.Objects.quantity;
import static io.jollyboat.scheduler.Objects.tainted;
import static io.jollyboat.scheduler.Objects.tolerating;
import static io.jollyboat.scheduler.Objects.withHostPort;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ContainerImage;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.ResourceVector;
import io.jollyboat.scheduler.framework.ScorePlugin;
import io.jollyboat.scheduler.state.ClusterState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single plugins against upstream's rules and arithmetic. */
class PluginTableTest {
    private final ClusterState cluster = new ClusterState();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "k, Exists, NoSchedule, k, NoSchedule, true",
                "k, Exists, '', k, NoSchedule, true",
                "'', Exists, '', k, NoSchedule, true",
                "k, '', NoSchedule, k, NoSchedule, true",
                "k, Equal, NoExecute, k, NoSchedule, false",
                "other, Exists, '', k, NoSchedule, false",
                "other, Exists, '', k, PreferNoSchedule, true",
                "k, Nonsense, '', k, NoSchedule, false",
            })
    void taints(String key, String operator, String effect, String taint, String taintEffect, boolean fits) {
        cluster.putNode(tainted(node("a"), taint, taintEffect));
        PodInfo pod = new PodInfo(tolerating(pod("p"), key, operator, effect));
        assertThat(
                        new TaintTolerationPlugin().filter(new CycleState(), pod, cluster.node("a"))
                                instanceof FilterResult.Fits)
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "In, ssd|hdd, true",
        "In, hdd, false",
        "NotIn, hdd, true",
        "NotIn, ssd, false",
        "Exists, '', true",
        "DoesNotExist, '', false",
        "Gt, 1, false",
        "Nonsense, ssd, false",
    })
    void nodeSelectorTerms(String operator, String values, boolean matches) {
        NodeSelectorRequirement.Builder requirement =
                NodeSelectorRequirement.newBuilder().setKey("disk").setOperator(operator);
        if (!values.isEmpty()) {
            requirement.addAllValues(List.of(values.split("\\|")));
        }
        NodeSelectorTerm term =
                NodeSelectorTerm.newBuilder().addMatchExpressions(requirement).build();
        assertThat(NodeSelectors.matches(term, labelled(node("a"), "disk", "ssd")))
                .isEqualTo(matches);
    }

    @Test
    void anEmptyTermMatchesNothing() {
        assertThat(NodeSelectors.matches(NodeSelectorTerm.getDefaultInstance(), node("a")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 80, TCP, '', 80, TCP, true",
        "'', 80, TCP, 127.0.0.1, 80, TCP, true",
        "127.0.0.1, 80, TCP, 127.0.0.2, 80, TCP, false",
        "'', 80, TCP, '', 80, UDP, false",
        "'', 80, TCP, '', 81, TCP, false",
        "10.0.0.1, 80, '', 10.0.0.1, 80, TCP, true",
    })
    void hostPorts(
            String ip, int port, String protocol, String usedIp, int usedPort, String usedProtocol, boolean clash) {
        cluster.putNode(node("a"));
        cluster.putPod(new PodInfo(onNode(withHostPort(pod("there"), usedIp, usedPort, usedProtocol), "a")));
        PodInfo pod = new PodInfo(withHostPort(pod("p"), ip, port, protocol));
        assertThat(
                        new NodePortsPlugin().filter(new CycleState(), pod, cluster.node("a"))
                                instanceof FilterResult.Unschedulable)
                .isEqualTo(clash);
        cluster.removePod("uid-there");
        assertThat(new NodePortsPlugin().filter(new CycleState(), pod, cluster.node("a")))
                .isInstanceOf(FilterResult.Fits.class);
    }

    @Test
    void requestsCountInitContainersSidecarsOverheadAndPodLevel() {
        Pod.Builder pod = pod("p", "2", "1Gi").toBuilder();
        pod.getSpecBuilder()
                .addContainers(container("1", "1Gi"))
                .addInitContainers(container("2", "3Gi"))
                .addInitContainers(container("500m", "100Mi").toBuilder().setRestartPolicy("Always"))
                .addInitContainers(container("3", ""));
        // Running: 2 + 1 + 0.5; starting: max(2, 0.5, 3 + 0.5).
        ResourceVector requests = new PodInfo(pod.build()).requests();
        assertThat(requests.milliCpu()).isEqualTo(3500);
        assertThat(requests.memory()).isEqualTo(3L << 30);
        pod.getSpecBuilder().putOverhead("cpu", quantity("250m"));
        assertThat(new PodInfo(pod.build()).requests().milliCpu()).isEqualTo(3750);
        pod.getSpecBuilder().getResourcesBuilder().putRequests("cpu", quantity("1"));
        assertThat(new PodInfo(pod.build()).requests().milliCpu()).isEqualTo(1250);
        assertThat(new PodInfo(pod("p", "", "")).nonZeroRequests())
                .isEqualTo(new ResourceVector(100, 200L << 20, 0, 0, Map.of()));
    }

    @Test
    void tooManyPods() {
        Node.Builder full = node("a").toBuilder();
        full.getStatusBuilder().putAllocatable("pods", quantity("1"));
        cluster.putNode(full.build());
        cluster.putPod(new PodInfo(onNode(pod("there", "", ""), "a")));
        assertThat(new NodeResourcesFitPlugin()
                        .filter(new CycleState(), new PodInfo(pod("p", "", "")), cluster.node("a")))
                .isEqualTo(FilterResult.resolvable("Too many pods"));
    }

    /** Upstream's test: 4000m and 10000 bytes of which the pod takes 3000m and 5000. */
    @Test
    void leastAllocatedIsUpstreams() {
        cluster.putNode(node("a", "4000m", "10000"));
        cluster.putNode(node("b", "6000m", "10000"));
        PodInfo pod = new PodInfo(pod("p", "3000m", "5000"));
        NodeResourcesFitPlugin plugin = new NodeResourcesFitPlugin();
        assertThat(plugin.score(new CycleState(), pod, cluster.node("a"))).isEqualTo(37);
        assertThat(plugin.score(new CycleState(), pod, cluster.node("b"))).isEqualTo(50);
    }

    /** Shares of 0.75 and 0.5 deviate by 0.125: 87 against 100 before, so 50 + (50 + 87 - 100) / 2. */
    @Test
    void balanceIsTheChangeThatThePodMakes() {
        cluster.putNode(node("a", "4000m", "10000"));
        PodInfo pod = new PodInfo(pod("p", "3000m", "5000"));
        BalancedAllocationPlugin plugin = new BalancedAllocationPlugin();
        assertThat(plugin.score(new CycleState(), pod, cluster.node("a"))).isEqualTo(68);
        assertThat(plugin.preScore(
                        new CycleState(), new PodInfo(pod("p", "", "")), cluster.nodes(), cluster.snapshot()))
                .isFalse();
    }

    /** 300 MB on one of two nodes count half. */
    @Test
    void imagesCountByTheirSpread() {
        Node.Builder with = node("a").toBuilder();
        with.getStatusBuilder()
                .addImages(ContainerImage.newBuilder().addNames("web:latest").setSizeBytes(300L << 20));
        cluster.putNode(with.build());
        cluster.putNode(node("b"));
        ImageLocalityPlugin plugin = new ImageLocalityPlugin();
        CycleState state = new CycleState();
        PodInfo pod = new PodInfo(pod("p"));
        assertThat(plugin.preScore(state, pod, cluster.nodes(), cluster.snapshot()))
                .isTrue();
        assertThat(plugin.score(state, pod, cluster.node("a"))).isEqualTo(100 * (150 - 23) / (1000 - 23));
        assertThat(plugin.score(state, pod, cluster.node("b"))).isZero();
        long version = plugin.version(cluster.snapshot(), new PodInfo(pod("any")));
        cluster.putNode(node("a"));
        assertThat(plugin.version(cluster.snapshot(), new PodInfo(pod("any")))).isNotEqualTo(version);
        assertThat(plugin.preScore(new CycleState(), pod, cluster.nodes(), cluster.snapshot()))
                .isFalse();
    }

    @Test
    void scalingIsUpstreams() {
        long[] scores = {0, 1, 3, 99};
        ScorePlugin.scale(scores, 3, true);
        assertThat(scores).containsExactly(100, 67, 0, 99);
        long[] zeros = {0, 0};
        ScorePlugin.scale(zeros, 2, true);
        assertThat(zeros).containsExactly(100, 100);
        long[] others = {0, 0};
        ScorePlugin.scale(others, 2, false);
        assertThat(others).containsExactly(0, 0);
    }
}
