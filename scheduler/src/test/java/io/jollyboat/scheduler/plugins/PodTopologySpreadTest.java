package io.jollyboat.scheduler.plugins;

import static io.jollyboat.scheduler.Objects.labelled;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static io.jollyboat.scheduler.Objects.tainted;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.TopologySpreadConstraint;
import io.jollyboat.scheduler.FakeApi;
import io.jollyboat.scheduler.cycle.Attempt;
import io.jollyboat.scheduler.cycle.NodeSearch;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.state.ClusterState;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Spreading over domains, through the whole search; a node's name begins with its zone. */
class PodTopologySpreadTest {
    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Map<String, String> WEB = Map.of("app", "web");
    private static final String HARD = "DoNotSchedule";
    private static final String SOFT = "ScheduleAnyway";

    private final ClusterState cluster = new ClusterState();
    private final NodeSearch search = new NodeSearch(
            BuiltInPlugins.profile("default-scheduler", 0, new FakeApi(), namespace -> Map.of()),
            cluster,
            new Random(1));

    /** The node, or why there is none; the pod counts there from then on. */
    private String place(Pod pod) {
        return switch (search.search(new PodInfo(pod))) {
            case Attempt.Placed placed -> {
                cluster.assume(new PodInfo(pod), placed.nodeName());
                yield placed.nodeName();
            }
            case Attempt.NoFit noFit -> noFit.message();
            case Attempt.NoNodes _ -> "no nodes";
            case Attempt.Broken(String reason) -> reason;
        };
    }

    private static Node inZone(String name) {
        return labelled(node(name), ZONE, name.substring(0, 1));
    }

    private void nodes(String... names) {
        for (String name : names) {
            cluster.putNode(inZone(name));
        }
    }

    private void web(String name, String node) {
        cluster.putPod(new PodInfo(onNode(Rules.labelled(name, WEB), node)));
    }

    private static Pod spread(String name, String key, int maxSkew, String when) {
        return Rules.spread(Rules.labelled(name, WEB), key, maxSkew, when, WEB);
    }

    private static Pod changed(Pod pod, Consumer<TopologySpreadConstraint.Builder> change) {
        Pod.Builder builder = pod.toBuilder();
        change.accept(builder.getSpecBuilder().getTopologySpreadConstraintsBuilder(0));
        return builder.build();
    }

    @Test
    void zonesNeverDifferByMoreThanTheSkew() {
        nodes("a1", "a2", "a3", "b1", "c1");
        Map<Character, Integer> zones = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
            zones.merge(place(spread("web-" + i, ZONE, 1, HARD)).charAt(0), 1, Integer::sum);
            int most = zones.values().stream().max(Integer::compare).orElseThrow();
            int least = zones.size() < 3
                    ? 0
                    : zones.values().stream().min(Integer::compare).orElseThrow();
            assertThat(most - least).isLessThanOrEqualTo(1);
        }
        assertThat(zones).containsEntry('a', 4).containsEntry('b', 4).containsEntry('c', 4);
    }

    @Test
    void aNodeWithoutTheLabelIsNoPlaceAndNoDomain() {
        cluster.putNode(node("bare"));
        assertThat(place(spread("one", ZONE, 1, HARD)))
                .startsWith("0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints "
                        + "(missing required label).");
        nodes("a1");
        assertThat(place(spread("one", ZONE, 1, HARD))).isEqualTo("a1");
    }

    @Test
    void aFullDomainHoldsUpTheOthers() {
        nodes("a1");
        cluster.putNode(inZone("b1").toBuilder()
                .setSpec(inZone("b1").getSpec().toBuilder().setUnschedulable(true))
                .build());
        assertThat(place(spread("one", ZONE, 1, HARD))).isEqualTo("a1");
        // b is empty and cannot take any; but it counts.
        assertThat(place(spread("two", ZONE, 1, HARD)))
                .contains("1 node(s) didn't match pod topology spread constraints")
                .contains("1 node(s) were unschedulable");
        assertThat(place(spread("three", ZONE, 2, HARD))).isEqualTo("a1");
    }

    @Test
    void nodesThatThePodCannotUseDoNotCountByAffinityAndMayNotByTaints() {
        nodes("a1");
        cluster.putNode(tainted(inZone("b1"), "k", "NoSchedule"));
        web("there", "a1");
        assertThat(place(spread("counted", ZONE, 1, HARD)))
                .contains("1 node(s) didn't match pod topology spread constraints");
        Pod honor = changed(spread("left-out", ZONE, 1, HARD), c -> c.setNodeTaintsPolicy("Honor"));
        assertThat(place(honor)).isEqualTo("a1");
        Pod.Builder onlyA = spread("only-a", ZONE, 1, HARD).toBuilder();
        onlyA.getSpecBuilder().putNodeSelector(ZONE, "a");
        assertThat(place(onlyA.build())).isEqualTo("a1");
        assertThat(place(changed(onlyA.build(), c -> c.setNodeAffinityPolicy("Ignore"))))
                .contains("1 node(s) didn't match pod topology spread constraints");
    }

    @Test
    void tooFewDomainsCountAsOneMoreThatIsEmpty() {
        nodes("a1", "b1");
        web("in-a", "a1");
        web("in-b", "b1");
        assertThat(place(spread("two-are-enough", ZONE, 1, HARD))).isIn("a1", "b1");
        assertThat(place(changed(spread("three-wanted", ZONE, 1, HARD), c -> c.setMinDomains(3))))
                .startsWith("0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.");
    }

    @Test
    void othersNamespacesAndPodsOnTheirWayOutDoNotCount() {
        nodes("a1", "b1");
        Pod.Builder stranger = Rules.labelled("stranger", WEB).toBuilder();
        stranger.getMetadataBuilder().setNamespace("other");
        cluster.putPod(new PodInfo(onNode(stranger.build(), "a1")));
        Pod.Builder leaving = Rules.labelled("leaving", WEB).toBuilder();
        leaving.getMetadataBuilder().getDeletionTimestampBuilder().setSeconds(1);
        cluster.putPod(new PodInfo(onNode(leaving.build(), "a1")));
        web("there", "b1");
        assertThat(place(spread("next", ZONE, 1, HARD))).isEqualTo("a1");
    }

    @Test
    void keysWithoutValuesTakeTheValuesOfThePod() {
        nodes("a1", "b1");
        cluster.putPod(new PodInfo(onNode(Rules.labelled("old", Map.of("app", "web", "version", "1")), "a1")));
        cluster.putPod(new PodInfo(onNode(Rules.labelled("new", Map.of("app", "web", "version", "2")), "b1")));
        Pod pod = Rules.spread(Rules.labelled("more", Map.of("app", "web", "version", "2")), ZONE, 1, HARD, WEB);
        assertThat(place(changed(pod, c -> c.addMatchLabelKeys("version")))).isEqualTo("a1");
    }

    @Test
    void wishesChooseTheEmptierDomainButRefuseNone() {
        nodes("a1", "b1", "b2");
        web("one", "b1");
        web("two", "b2");
        // By free resources alone it would be b.
        cluster.putPod(new PodInfo(onNode(pod("big", "1", "1Gi"), "a1")));
        assertThat(place(spread("wish", ZONE, 1, SOFT))).isEqualTo("a1");
        assertThat(place(spread("host", HOST, 1, SOFT))).isIn("a1", "b1", "b2");
        cluster.removeNode("a1");
        assertThat(place(spread("anyway", ZONE, 1, SOFT))).isIn("b1", "b2");
    }

    @Test
    void aSelectorOfEverythingCountsNothing() {
        nodes("a1");
        web("there", "a1");
        assertThat(place(Rules.spread(Rules.labelled("all", WEB), ZONE, 1, HARD, Map.of())))
                .isEqualTo("a1");
        assertThat(place(Rules.spread(Rules.labelled("all-2", WEB), ZONE, 1, HARD, Map.of())))
                .isEqualTo("a1");
    }
}
