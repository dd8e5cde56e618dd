package io.jollyboat.controllers.tainteviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.values.Times;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EvictionTimeTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TAINTED = CREATED.plusSeconds(1000);

    @Test
    void withoutTaintsAPodStays() {
        assertThat(EvictionTime.of(pod(null, null), Node.getDefaultInstance())).isEmpty();
        Node.Builder scheduling = node("a").toBuilder();
        scheduling.getSpecBuilder().getTaintsBuilder(0).setEffect("NoSchedule");
        assertThat(EvictionTime.of(pod(null, null), scheduling.build())).isEmpty();
    }

    @Test
    void withoutTolerationItGoesAtOnce() {
        assertThat(EvictionTime.of(pod("b", null), node("a")).orElseThrow()).isBeforeOrEqualTo(TAINTED);
    }

    @Test
    void aTolerationHoldsForItsTime() {
        assertThat(EvictionTime.of(pod("a", 300L), node("a"))).contains(TAINTED.plusSeconds(300));
        assertThat(EvictionTime.of(pod("a", null), node("a"))).isEmpty();
        assertThat(EvictionTime.of(pod("a", -5L), node("a"))).contains(TAINTED);
    }

    @Test
    void allTaintsMustBeTolerated() {
        Node.Builder two = node("a").toBuilder();
        two.getSpecBuilder().addTaintsBuilder().setKey("b").setEffect("NoExecute");
        assertThat(EvictionTime.of(pod("a", null), two.build())).isPresent();
    }

    @Test
    void anEmptyKeyToleratesEverything() {
        Pod.Builder pod = pod(null, null).toBuilder();
        pod.getSpecBuilder().addTolerationsBuilder().setOperator("Exists");
        assertThat(EvictionTime.of(pod.build(), node("a"))).isEmpty();
    }

    private static Pod pod(String tolerated, Long seconds) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setCreationTimestamp(Times.time(CREATED));
        if (tolerated != null) {
            var toleration = pod.getSpecBuilder()
                    .addTolerationsBuilder()
                    .setKey(tolerated)
                    .setOperator("Exists")
                    .setEffect("NoExecute");
            if (seconds != null) {
                toleration.setTolerationSeconds(seconds);
            }
        }
        return pod.build();
    }

    private static Node node(String taint) {
        Node.Builder node = Node.newBuilder();
        node.getSpecBuilder()
                .addTaintsBuilder()
                .setKey(taint)
                .setEffect("NoExecute")
                .setTimeAdded(Times.time(TAINTED));
        return node.build();
    }
}
