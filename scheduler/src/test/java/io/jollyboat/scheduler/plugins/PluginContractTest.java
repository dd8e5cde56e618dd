package io.jollyboat.scheduler.plugins;

import static io.jollyboat.scheduler.Objects.cordoned;
import static io.jollyboat.scheduler.Objects.labelled;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static io.jollyboat.scheduler.Objects.tainted;
import static io.jollyboat.scheduler.Objects.withHostPort;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.scheduler.FakeApi;
import io.jollyboat.scheduler.framework.BindPlugin;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.Plugin;
import io.jollyboat.scheduler.framework.Plugin.Hint;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import io.jollyboat.scheduler.state.ClusterState;
import io.jollyboat.scheduler.state.NodeRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every plugin must keep to, whatever it does. */
class PluginContractTest {
    static Stream<Plugin> plugins() {
        return BuiltInPlugins.all(new FakeApi(), namespace -> Map.of()).stream();
    }

    private static List<Node> nodes() {
        return List.of(
                node("plain"),
                node("small", "100m", "64Mi"),
                tainted(node("tainted"), "k", "NoSchedule"),
                tainted(node("shunned"), "k", "PreferNoSchedule"),
                cordoned(node("cordoned")),
                labelled(node("labelled"), "disk", "ssd"));
    }

    private static List<Pod> pods() {
        Pod.Builder selecting = pod("selecting").toBuilder();
        selecting.getSpecBuilder().putNodeSelector("disk", "ssd");
        Pod.Builder asksNothing = pod("nothing", "", "").toBuilder();
        return List.of(
                pod("plain"),
                pod("big", "3", "4Gi"),
                pod("huge", "300", "4Ti"),
                withHostPort(pod("port"), "", 80, "TCP"),
                selecting.build(),
                asksNothing.build(),
                Rules.far("apart", "kubernetes.io/hostname", Map.of("app", "apart")),
                Rules.near("together", "disk", Map.of("app", "together")),
                Rules.spread(pod("spread"), "disk", 1, "DoNotSchedule", Map.of()),
                Rules.spread(pod("evenly"), "disk", 2, "ScheduleAnyway", Map.of("app", "evenly")));
    }

    private static ClusterState cluster() {
        ClusterState cluster = new ClusterState();
        nodes().forEach(cluster::putNode);
        cluster.putPod(new PodInfo(onNode(withHostPort(pod("there", "2", "1Gi"), "", 80, "TCP"), "plain")));
        return cluster;
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void answersTheSameTwiceAndGivesReasons(Plugin plugin) {
        ClusterState cluster = cluster();
        for (Pod pod : pods()) {
            for (NodeRow node : cluster.nodes()) {
                FilterResult first = filter(plugin, cluster, new PodInfo(pod), node);
                assertThat(filter(plugin, cluster, new PodInfo(pod), node)).isEqualTo(first);
                assertThat(first).isNotInstanceOf(FilterResult.Failed.class);
                if (first instanceof FilterResult.Unschedulable why) {
                    assertThat(why.reasons()).isNotEmpty().doesNotContain("");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void normalizedScoresAreInRange(Plugin plugin) {
        if (!(plugin instanceof ScorePlugin scorer)) {
            return;
        }
        ClusterState cluster = cluster();
        for (Pod pod : pods()) {
            CycleState state = new CycleState();
            if (plugin instanceof PreScorePlugin pre
                    && !pre.preScore(state, new PodInfo(pod), cluster.nodes(), cluster.snapshot())) {
                continue;
            }
            long[] scores = cluster.nodes().stream()
                    .mapToLong(n -> scorer.score(state, new PodInfo(pod), n))
                    .toArray();
            scorer.normalize(scores, scores.length);
            assertThat(Arrays.stream(scores).boxed())
                    .allSatisfy(s -> assertThat(s).isBetween(0L, ScorePlugin.MAX));
        }
    }

    /** The one fault that leaves pods waiting: to say that an event cannot help when it does. */
    @ParameterizedTest
    @MethodSource("plugins")
    void neverSleepsThroughAnEventThatHelps(Plugin plugin) {
        if (!(plugin instanceof FilterPlugin)) {
            return;
        }
        for (Pod waiting : pods()) {
            PodInfo pod = new PodInfo(waiting);
            for (Node before : nodes()) {
                for (Node other : nodes()) {
                    Node after = other.toBuilder()
                            .setMetadata(other.getMetadata().toBuilder()
                                    .setName(before.getMetadata().getName()))
                            .build();
                    boolean helped = !fitsAlone(plugin, pod, before) && fitsAlone(plugin, pod, after);
                    if (helped) {
                        assertThat(plugin.hint(new ClusterEvent.NodeUpdated(before, after), pod))
                                .as("%s of %s: %s -> %s", plugin.name(), pod, before, after)
                                .isEqualTo(Hint.QUEUE);
                    }
                }
                if (fitsAlone(plugin, pod, before)) {
                    assertThat(plugin.hint(new ClusterEvent.NodeAdded(before), pod))
                            .isEqualTo(Hint.QUEUE);
                }
                for (Pod placed : pods()) {
                    assertRemovalIsSeen(plugin, pod, before, placed);
                }
            }
        }
    }

    private static void assertRemovalIsSeen(Plugin plugin, PodInfo pod, Node node, Pod placed) {
        PodInfo there = new PodInfo(onNode(
                placed.toBuilder()
                        .setMetadata(placed.getMetadata().toBuilder().setUid("there"))
                        .build(),
                node.getMetadata().getName()));
        ClusterState cluster = new ClusterState();
        cluster.putNode(node);
        cluster.putPod(there);
        boolean helped = !fits(plugin, cluster, pod, node) && fitsAlone(plugin, pod, node);
        if (helped) {
            assertThat(plugin.hint(new ClusterEvent.PodRemoved(there), pod))
                    .as("%s of %s: removal of %s", plugin.name(), pod, there)
                    .isEqualTo(Hint.QUEUE);
        }
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void hasANameOfItsOwnAndAnExtensionPoint(Plugin plugin) {
        List<String> names = new ArrayList<>(plugins().map(Plugin::name).toList());
        assertThat(names).containsOnlyOnce(plugin.name());
        assertThat(plugin.getClass().getInterfaces()).isNotEmpty();
        assertThat(plugins().filter(BindPlugin.class::isInstance)).hasSize(1);
    }

    private static boolean fitsAlone(Plugin plugin, PodInfo pod, Node node) {
        ClusterState cluster = new ClusterState();
        cluster.putNode(node);
        return fits(plugin, cluster, pod, node);
    }

    private static boolean fits(Plugin plugin, ClusterState cluster, PodInfo pod, Node node) {
        return filter(plugin, cluster, pod, cluster.node(node.getMetadata().getName())) instanceof FilterResult.Fits;
    }

    private static FilterResult filter(Plugin plugin, ClusterState cluster, PodInfo pod, NodeRow node) {
        CycleState state = new CycleState();
        if (plugin instanceof PreFilterPlugin pre) {
            switch (pre.preFilter(state, pod, cluster.snapshot())) {
                case PreFilterResult.Skip _ -> {
                    return FilterResult.FITS;
                }
                case PreFilterResult.Rejected(FilterResult.Unschedulable why) -> {
                    return why;
                }
                case PreFilterResult.OnlyNodes _, PreFilterResult.Proceed _ -> {}
            }
        }
        return plugin instanceof FilterPlugin filter ? filter.filter(state, pod, node) : FilterResult.FITS;
    }
}
