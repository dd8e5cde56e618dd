package io.jollyboat.scheduler.plugins;

import static io.jollyboat.scheduler.Objects.labelled;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.scheduler.FakeApi;
import io.jollyboat.scheduler.cycle.Attempt;
import io.jollyboat.scheduler.cycle.NodeSearch;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.state.ClusterState;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rules of pods about other pods, through the whole search. */
class InterPodAffinityTest {
    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Map<String, String> WEB = Map.of("app", "web");

    private final ClusterState cluster = new ClusterState();
    private final NodeSearch search = new NodeSearch(
            BuiltInPlugins.profile(
                    "default-scheduler",
                    0,
                    new FakeApi(),
                    namespace -> Map.of("team", namespace.equals("friends") ? "ours" : "theirs")),
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

    private void put(Pod pod, String node) {
        cluster.putPod(new PodInfo(onNode(pod, node)));
    }

    private void nodes(String... names) {
        for (String name : names) {
            cluster.putNode(labelled(node(name), ZONE, name.substring(0, 1)));
        }
    }

    @Test
    void keepsApartWhatMustBeApart() {
        nodes("a1", "b1");
        assertThat(place(Rules.far("one", HOST, WEB))).isNotEqualTo(place(Rules.far("two", HOST, WEB)));
        assertThat(place(Rules.far("three", HOST, WEB)))
                .startsWith("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.");
        // Another namespace is no concern of theirs.
        Pod.Builder stranger = Rules.far("stranger", HOST, WEB).toBuilder();
        stranger.getMetadataBuilder().setNamespace("other");
        assertThat(place(stranger.build())).isIn("a1", "b1");
    }

    @Test
    void oneMayBeginACompanyAndOthersFollow() {
        nodes("a1", "a2", "b1", "b2");
        String zone = place(Rules.near("first", ZONE, WEB)).substring(0, 1);
        for (int i = 0; i < 6; i++) {
            assertThat(place(Rules.near("next-" + i, ZONE, WEB))).startsWith(zone);
        }
    }

    @Test
    void nobodyIsNearToWhatIsNotThere() {
        nodes("a1");
        Pod.Builder pod = Rules.near("lonely", ZONE, Map.of("app", "database")).toBuilder();
        pod.getMetadataBuilder().clearLabels();
        assertThat(place(pod.build()))
                .startsWith("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
        put(Rules.labelled("database", Map.of("app", "database")), "a1");
        assertThat(place(pod.build())).isEqualTo("a1");
    }

    @Test
    void aNodeWithoutTheLabelIsNearToNothing() {
        cluster.putNode(node("bare"));
        assertThat(place(Rules.near("first", ZONE, WEB)))
                .startsWith("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
    }

    @Test
    void placedPodsMayObjectToPlainOnes() {
        nodes("a1");
        Pod plain = Rules.labelled("plain-1", WEB);
        assertThat(place(plain)).isEqualTo("a1");
        cluster.removePod("uid-plain-1");
        // A pod of the same class, whose results are kept from the time before.
        put(Rules.far("loner", HOST, WEB), "a1");
        assertThat(place(Rules.labelled("plain-2", WEB)))
                .startsWith("0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.");
        assertThat(place(Rules.labelled("unlike", Map.of("app", "else")))).isEqualTo("a1");
        cluster.removePod("uid-loner");
        assertThat(place(Rules.labelled("plain-3", WEB))).isEqualTo("a1");
    }

    @Test
    void preferencesDecideBetweenNodesThatFit() {
        nodes("a1", "b1", "c1");
        put(Rules.labelled("web", WEB), "b1");
        // By free resources alone it would be a1 or c1.
        assertThat(place(Rules.ratherNear(pod("friend"), HOST, WEB))).isEqualTo("b1");
        put(Rules.labelled("web-2", WEB), "a1");
        assertThat(place(Rules.ratherFar(pod("foe"), HOST, WEB))).isEqualTo("c1");
    }

    @Test
    void preferencesOfPlacedPodsCountForPlainOnes() {
        nodes("a1", "b1", "c1");
        put(Rules.ratherNear(pod("host"), HOST, WEB), "b1");
        assertThat(place(Rules.labelled("guest", WEB))).isEqualTo("b1");
    }

    @Test
    void namespacesAreChosenByTheirLabels() {
        nodes("a1", "b1", "c1");
        Pod.Builder friend = Rules.labelled("friend", WEB).toBuilder();
        friend.getMetadataBuilder().setNamespace("friends");
        put(friend.build(), "c1");
        Pod.Builder enemy = Rules.labelled("enemy", WEB).toBuilder();
        enemy.getMetadataBuilder().setNamespace("enemies");
        put(enemy.build(), "a1");
        Pod.Builder seeker = pod("seeker").toBuilder();
        seeker.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAffinityBuilder()
                .addRequiredDuringSchedulingIgnoredDuringExecution(Rules.term(HOST, WEB)
                        .setNamespaceSelector(LabelSelector.newBuilder().putMatchLabels("team", "ours")));
        assertThat(place(seeker.build())).isEqualTo("c1");
    }

    @Test
    void keysWithoutValuesTakeTheValuesOfThePod() {
        nodes("a1", "b1");
        put(Rules.labelled("old", Map.of("app", "web", "version", "1")), "a1");
        put(Rules.labelled("new", Map.of("app", "web", "version", "2")), "b1");
        Pod.Builder pod = Rules.labelled("more", Map.of("app", "web", "version", "2")).toBuilder();
        pod.getSpecBuilder()
                .getAffinityBuilder()
                .getPodAffinityBuilder()
                .addRequiredDuringSchedulingIgnoredDuringExecution(
                        Rules.term(HOST, WEB).addMatchLabelKeys("version"));
        assertThat(place(pod.build())).isEqualTo("b1");
    }
}
