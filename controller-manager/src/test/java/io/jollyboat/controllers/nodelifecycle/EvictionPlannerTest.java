package io.jollyboat.controllers.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionPlannerTest {
    private final EvictionPlanner planner = new EvictionPlanner(NodeLifecycleConfig.defaults());
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "3, 0, NORMAL",
        "1, 2, NORMAL",
        "0, 1, FULL_DISRUPTION",
        "3, 3, NORMAL",
        "2, 3, PARTIAL_DISRUPTION",
        "45, 55, PARTIAL_DISRUPTION",
        "46, 54, NORMAL",
        "0, 0, NORMAL"
    })
    void zonesHaveStates(int ready, int down, ZoneState expected) {
        List<String> readiness = new ArrayList<>();
        for (int i = 0; i < ready; i++) {
            readiness.add("True");
        }
        for (int i = 0; i < down; i++) {
            readiness.add(i % 2 == 0 ? "False" : "Unknown");
        }
        assertThat(ZoneState.of(readiness, 0.55)).isEqualTo(expected);
    }

    @Test
    void nodesAreTaintedOneByOne() {
        for (int i = 0; i < 10; i++) {
            put("n" + i, i < 3 ? "Unknown" : "True", "");
        }
        EvictionPlanner.Plan plan = apply();
        assertThat(plan.change()).hasSize(1);
        assertThat(executionTaint("n0")).isEqualTo("node.kubernetes.io/unreachable");
        assertThat(plan.again()).contains(Duration.ofSeconds(10));
        now = now.plusSeconds(5);
        assertThat(apply().change()).isEmpty();
        now = now.plusSeconds(5);
        assertThat(apply().change()).hasSize(1);
        now = now.plusSeconds(10);
        assertThat(apply().change()).hasSize(1);
        assertThat(apply().again()).isEmpty();
    }

    @Test
    void theTaintFollowsTheConditionAtOnce() {
        put("n0", "Unknown", "");
        put("n1", "True", "");
        apply();
        put("n0", "False", "");
        apply();
        assertThat(executionTaint("n0")).isEqualTo("node.kubernetes.io/not-ready");
        put("n0", "True", "");
        apply();
        assertThat(executionTaint("n0")).isEmpty();
    }

    @Test
    void evictionHaltsWhileMostOfASmallZoneIsDown() {
        for (int i = 0; i < 5; i++) {
            put("a" + i, i < 3 ? "Unknown" : "True", "a");
        }
        assertThat(apply().change()).isEmpty();
        assertThat(apply().again()).isEmpty();
    }

    @Test
    void evictionSlowsDownInALargeZone() {
        for (int i = 0; i < 60; i++) {
            put("a" + i, i < 40 ? "Unknown" : "True", "a");
        }
        EvictionPlanner.Plan plan = apply();
        assertThat(plan.change()).hasSize(1);
        assertThat(plan.again()).contains(Duration.ofSeconds(100));
    }

    @Test
    void aZoneThatIsDownIsEvictedWhileOthersAreUp() {
        put("a0", "Unknown", "a");
        put("b0", "True", "b");
        assertThat(apply().change()).hasSize(1);
    }

    @Test
    void whenAllIsDownTheTaintsGoAndComeBackWithTheFirstNode() {
        put("n0", "Unknown", "");
        put("n1", "True", "");
        apply();
        assertThat(executionTaint("n0")).isNotEmpty();
        put("n1", "Unknown", "");
        EvictionPlanner.Plan plan = apply();
        assertThat(plan.recovered()).isFalse();
        assertThat(executionTaint("n0")).isEmpty();
        assertThat(executionTaint("n1")).isEmpty();
        put("n1", "True", "");
        assertThat(apply().recovered()).isTrue();
    }

    @Test
    void conditionsBecomeSchedulingTaintsAndOthersStay() {
        Node.Builder node = node("n", "Unknown", "").toBuilder();
        node.getStatusBuilder().addConditionsBuilder().setType("DiskPressure").setStatus("True");
        node.getSpecBuilder().setUnschedulable(true);
        node.getSpecBuilder().addTaintsBuilder().setKey("dedicated").setEffect("NoSchedule");
        node.getSpecBuilder()
                .addTaintsBuilder()
                .setKey("node.kubernetes.io/not-ready")
                .setEffect("NoSchedule");
        Node tainted = Taints.withScheduling(node.build(), now);
        assertThat(tainted.getSpec().getTaintsList().stream().map(Taint::getKey))
                .containsExactlyInAnyOrder(
                        "dedicated",
                        "node.kubernetes.io/unreachable",
                        "node.kubernetes.io/disk-pressure",
                        "node.kubernetes.io/unschedulable");
        assertThat(Taints.withScheduling(tainted, now.plusSeconds(9))).isEqualTo(tainted);
    }

    @Test
    void silenceMakesConditionsUnknown() {
        Node silent = Silence.unknown(node("n", "True", ""), now);
        assertThat(Nodes.condition(silent, "Ready").orElseThrow().getReason()).isEqualTo("NodeStatusUnknown");
        assertThat(Nodes.condition(silent, "MemoryPressure").orElseThrow().getReason())
                .isEqualTo("NodeStatusNeverUpdated");
        assertThat(Silence.unknown(silent, now.plusSeconds(5))).isEqualTo(silent);
    }

    private EvictionPlanner.Plan apply() {
        EvictionPlanner.Plan plan = planner.plan(nodes.values(), now);
        plan.change().forEach(n -> nodes.put(n.getMetadata().getName(), n));
        return plan;
    }

    private void put(String name, String ready, String zone) {
        Node.Builder node = node(name, ready, zone).toBuilder();
        if (nodes.containsKey(name)) {
            node.setSpec(nodes.get(name).getSpec());
        }
        nodes.put(name, node.build());
    }

    private String executionTaint(String name) {
        return nodes.get(name).getSpec().getTaintsList().stream()
                .filter(t -> t.getEffect().equals("NoExecute"))
                .map(Taint::getKey)
                .findFirst()
                .orElse("");
    }

    private static Node node(String name, String ready, String zone) {
        Node.Builder node = Node.newBuilder();
        node.getMetadataBuilder().setName(name);
        if (!zone.isEmpty()) {
            node.getMetadataBuilder().putLabels("topology.kubernetes.io/zone", zone);
        }
        node.getStatusBuilder().addConditionsBuilder().setType("Ready").setStatus(ready);
        return node.build();
    }
}
