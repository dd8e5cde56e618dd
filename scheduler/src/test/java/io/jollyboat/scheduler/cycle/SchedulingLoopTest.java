package io.jollyboat.scheduler.cycle;

import static io.jollyboat.scheduler.Objects.cordoned;
import static io.jollyboat.scheduler.Objects.node;
import static io.jollyboat.scheduler.Objects.onNode;
import static io.jollyboat.scheduler.Objects.pod;
import static io.jollyboat.scheduler.Objects.quantity;
import static io.jollyboat.scheduler.Objects.withPriority;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSchedulingGate;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.SeriesEventRecorder;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import io.jollyboat.scheduler.FakeApi;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.PermitPlugin;
import io.jollyboat.scheduler.framework.PermitResult;
import io.jollyboat.scheduler.framework.Plugin;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.plugins.BuiltInPlugins;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop from messages to the API's calls, by a virtual clock. */
class SchedulingLoopTest {
    private final FakeApi api = new FakeApi();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final Metrics metrics = new Metrics();
    private final SeriesEventRecorder events =
            new SeriesEventRecorder(api, "default-scheduler", "default-scheduler-test", runtime);
    private SchedulingLoop loop;

    private void start(Plugin... more) {
        List<Plugin> plugins = new ArrayList<>(BuiltInPlugins.all(api, namespace -> Map.of()));
        // First, so that it is asked before the binder that binds.
        plugins.addAll(0, List.of(more));
        loop = new SchedulingLoop(
                new Profile("default-scheduler", plugins, Map.of(), 0), api, events, runtime, metrics);
        events.start();
        loop.start();
        loop.synced();
        loop.leading(true);
    }

    @AfterEach
    void close() {
        loop.close();
        events.close();
    }

    private void awaitBound(String pod, String node) {
        await().untilAsserted(() -> assertThat(api.bindings).containsEntry(pod, node));
    }

    private void awaitRejections(int count) {
        await().untilAsserted(() -> assertThat(attempts("unschedulable")).isEqualTo(count));
        // Its message was read and the loop waits: all is in the queue.
        await().until(() -> gauge("queue=\"active\"") == 0);
    }

    private int attempts(String result) {
        return (int) value(line ->
                line.startsWith("scheduler_schedule_attempts_total") && line.contains("result=\"" + result + "\""));
    }

    private int gauge(String label) {
        return (int) value(line -> line.startsWith("scheduler_pending_pods") && line.contains(label));
    }

    private double value(Predicate<String> line) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            metrics.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line)
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void bindsAndTells() {
        start();
        loop.nodeChanged(null, node("a"));
        loop.podChanged(null, pod("p"));
        awaitBound("p", "a");
        await().untilAsserted(() ->
                assertThat(api.events).containsExactly("Scheduled: Successfully assigned default/p to a"));
        assertThat(api.patches).isEmpty();
    }

    @Test
    void leavesOthersAlone() {
        start();
        loop.nodeChanged(null, node("a"));
        Pod.Builder foreign = pod("foreign").toBuilder();
        foreign.getSpecBuilder().setSchedulerName("another");
        loop.podChanged(null, foreign.build());
        Pod.Builder ended = pod("ended").toBuilder();
        ended.getStatusBuilder().setPhase("Failed");
        loop.podChanged(null, ended.build());
        Pod.Builder going = pod("going").toBuilder();
        going.getMetadataBuilder().getDeletionTimestampBuilder().setSeconds(1);
        loop.podChanged(null, going.build());
        loop.podChanged(null, pod("p"));
        awaitBound("p", "a");
        assertThat(api.bindings).hasSize(1);
    }

    @Test
    void aPodThatFitsNowhereGetsAnEventAndACondition() {
        start();
        loop.nodeChanged(null, node("a", "1", "1Gi"));
        loop.podChanged(null, pod("big", "2", ""));
        String message = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1"
                + " nodes are available: 1 Preemption is not helpful for scheduling.";
        await().untilAsserted(() -> assertThat(api.events).containsExactly("FailedScheduling: " + message));
        await().untilAsserted(() -> assertThat(api.patches)
                .containsExactly("{\"metadata\":{\"uid\":\"uid-big\"},\"status\":{\"conditions\":[{\"type\":"
                        + "\"PodScheduled\",\"status\":\"False\",\"lastProbeTime\":null,\"lastTransitionTime\":"
                        + "\"2026-01-01T00:00:00Z\",\"reason\":\"Unschedulable\",\"message\":\"" + message
                        + "\"}]}}"));
    }

    @Test
    void triesAgainWhenTheClusterChangesInAWayThatHelps() {
        start();
        loop.nodeChanged(null, node("a", "1", "1Gi"));
        loop.podChanged(null, pod("big", "2", ""));
        awaitRejections(1);
        runtime.advance(Duration.ofSeconds(2));
        // Neither a cordoned nor a small node nor a pod's coming can help.
        loop.nodeChanged(null, node("small", "1", "8Gi"));
        loop.podChanged(null, onNode(pod("other"), "a"));
        Pod.Builder noted = pod("big", "2", "").toBuilder();
        noted.getStatusBuilder().addConditionsBuilder().setType("PodScheduled").setStatus("False");
        loop.podChanged(pod("big", "2", ""), noted.build());
        loop.podChanged(null, pod("probe"));
        awaitBound("probe", "small");
        assertThat(attempts("unschedulable")).isEqualTo(1);
        loop.nodeChanged(null, node("large", "8", "8Gi"));
        awaitBound("big", "large");
    }

    @Test
    void aFreedPlaceIsTaken() {
        start();
        loop.nodeChanged(null, node("a", "1", "1Gi"));
        Pod holder = onNode(pod("holder", "800m", ""), "a");
        loop.podChanged(null, holder);
        loop.podChanged(null, pod("waits", "500m", ""));
        awaitRejections(1);
        runtime.advance(Duration.ofSeconds(1));
        loop.podChanged(holder, null);
        awaitBound("waits", "a");
    }

    @Test
    void anEventDuringThePauseWaitsForItsEnd() {
        start();
        loop.nodeChanged(null, cordoned(node("a")));
        loop.podChanged(null, pod("p"));
        awaitRejections(1);
        loop.nodeChanged(cordoned(node("a")), node("a"));
        await().until(() -> gauge("queue=\"backoff\"") == 1);
        assertThat(api.bindings).isEmpty();
        runtime.advance(Duration.ofSeconds(1));
        awaitBound("p", "a");
    }

    @Test
    void looksAgainAfterFiveMinutesWhateverHappens() {
        start();
        loop.nodeChanged(null, node("a", "1", "1Gi"));
        loop.podChanged(null, pod("big", "2", ""));
        awaitRejections(1);
        runtime.advance(Duration.ofMinutes(4));
        assertThat(attempts("unschedulable")).isEqualTo(1);
        runtime.advance(Duration.ofMinutes(2));
        awaitRejections(2);
        // The text is the same: it is counted, not written again.
        assertThat(api.patches).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void theImportantGoFirst() {
        start();
        loop.leading(false);
        loop.nodeChanged(null, node("a", "1", "8Gi"));
        loop.podChanged(null, pod("low", "800m", ""));
        loop.podChanged(null, withPriority(pod("high", "800m", ""), 1000));
        loop.leading(true);
        awaitBound("high", "a");
        awaitRejections(1);
        assertThat(api.bindings).doesNotContainKey("low");
    }

    @Test
    void aBindingThatFailsIsRepeatedAndHoldsNoPlace() {
        start();
        loop.nodeChanged(null, node("a", "1", "8Gi"));
        api.failBindings(ApiException.of(503, "ServiceUnavailable", "away"));
        loop.podChanged(null, pod("p", "800m", ""));
        await().until(() -> gauge("queue=\"backoff\"") == 1);
        await().untilAsserted(() -> assertThat(api.events).containsExactly("FailedScheduling: binding rejected: away"));
        assertThat(api.patches.getFirst()).contains("\"reason\":\"SchedulerError\"");
        api.failBindings(null);
        loop.podChanged(null, pod("quick", "800m", ""));
        awaitBound("quick", "a");
        assertThat(api.bindings).hasSize(1);
    }

    @Test
    void aPlaceIsHeldWhileThePodIsBound() {
        start();
        loop.nodeChanged(null, node("a", "1", "8Gi"));
        loop.podChanged(null, pod("first", "800m", ""));
        loop.podChanged(null, pod("second", "800m", ""));
        awaitBound("first", "a");
        awaitRejections(1);
        // Confirmed by the API server: still counted once.
        loop.podChanged(pod("first", "800m", ""), onNode(pod("first", "800m", ""), "a"));
        loop.podChanged(null, pod("third", "150m", ""));
        awaitBound("third", "a");
    }

    @Test
    void gatesKeepPodsBack() {
        start();
        loop.nodeChanged(null, node("a"));
        Pod.Builder gated = pod("gated").toBuilder();
        gated.getSpecBuilder().addSchedulingGates(PodSchedulingGate.newBuilder().setName("x"));
        loop.podChanged(null, gated.build());
        loop.podChanged(null, pod("p"));
        awaitBound("p", "a");
        assertThat(api.bindings).doesNotContainKey("gated");
        assertThat(api.events).noneMatch(e -> e.startsWith("FailedScheduling"));
        loop.podChanged(gated.build(), pod("gated"));
        awaitBound("gated", "a");
    }

    @Test
    void permitPluginsMayDelayAndForbid() {
        PermitPlugin permit = new PermitPlugin() {
            @Override
            public String name() {
                return "TestPermit";
            }

            @Override
            public PermitResult permit(CycleState state, PodInfo pod, String nodeName) {
                return switch (pod.key().name()) {
                    case "waits", "late" -> new PermitResult.Wait(Duration.ofSeconds(30));
                    case "denied" -> new PermitResult.Denied("not today");
                    default -> PermitResult.ALLOWED;
                };
            }
        };
        start(permit);
        loop.nodeChanged(null, node("a"));
        loop.podChanged(null, pod("denied"));
        awaitRejections(1);
        await().untilAsserted(() ->
                assertThat(api.events).containsExactly("FailedScheduling: 0/1 nodes are available: 1 not today."));
        loop.podChanged(null, pod("waits"));
        loop.podChanged(null, pod("p"));
        awaitBound("p", "a");
        await().until(() -> {
            loop.waitingPods().allow("uid-waits", "TestPermit");
            return api.bindings.containsKey("waits");
        });
        loop.podChanged(null, pod("late"));
        await().until(() -> attempts("scheduled") == 3);
        await().until(() -> {
            runtime.advance(Duration.ofSeconds(30));
            return api.events.stream().anyMatch(e -> e.contains("timeout"));
        });
        assertThat(api.bindings).doesNotContainKey("late");
    }

    @Test
    void everyExtensionPointIsCalledInItsTurn() {
        RecordingPlugin recording = new RecordingPlugin();
        start(recording);
        loop.nodeChanged(null, node("a"));
        loop.nodeChanged(null, node("b"));
        loop.podChanged(null, pod("p"));
        await().untilAsserted(() -> assertThat(api.bindings).containsKey("p"));
        await().untilAsserted(() -> assertThat(recording.calls).endsWith("postBind"));
        assertThat(recording.calls.stream().distinct())
                .containsExactly(
                        "gate",
                        "preFilter",
                        "filter",
                        "preScore",
                        "score",
                        "normalize",
                        "reserve",
                        "permit",
                        "preBind",
                        "bind",
                        "postBind");
        assertThat(recording.calls).filteredOn("score"::equals).hasSize(2);
    }

    @Test
    void whatFailsBeforeTheBindingIsTakenBack() {
        RecordingPlugin recording = new RecordingPlugin();
        recording.failPreBind = true;
        start(recording);
        loop.nodeChanged(null, node("a"));
        loop.podChanged(null, pod("p"));
        await().untilAsserted(() -> assertThat(recording.calls).endsWith("preBind", "unreserve"));
        assertThat(api.bindings).isEmpty();
        recording.failPreBind = false;
        await().until(() -> gauge("queue=\"backoff\"") == 1);
        runtime.advance(Duration.ofSeconds(1));
        awaitBound("p", "a");
    }

    @Test
    void postFiltersAreAskedWhenAPodFitsNowhere() {
        RecordingPlugin recording = new RecordingPlugin();
        start(recording);
        loop.nodeChanged(null, node("a", "1", "1Gi"));
        loop.podChanged(null, pod("big", "2", ""));
        awaitRejections(1);
        assertThat(recording.calls).contains("postFilter").doesNotContain("reserve");
    }

    @Test
    void newResourcesOnANodeHelpThoseWhoAskForThem() {
        start();
        loop.nodeChanged(null, node("a"));
        Pod.Builder pod = pod("gpu").toBuilder();
        pod.getSpecBuilder().getContainersBuilder(0).getResourcesBuilder().putRequests("x/gpu", quantity("1"));
        loop.podChanged(null, pod.build());
        awaitRejections(1);
        runtime.advance(Duration.ofSeconds(1));
        var with = node("a").toBuilder();
        with.getStatusBuilder().putAllocatable("x/gpu", quantity("2"));
        loop.nodeChanged(node("a"), with.build());
        awaitBound("gpu", "a");
    }

    @Test
    void oneThatDoesNotLeadSetsNoAlarm() {
        start();
        loop.nodeChanged(null, cordoned(node("a")));
        loop.podChanged(null, pod("p"));
        awaitRejections(1);
        int others = runtime.waiting() - 1; // the loop's own: five minutes
        loop.leading(false);
        await().until(() -> runtime.waiting() == others);
        loop.nodeChanged(cordoned(node("a")), node("a"));
        await().until(() -> gauge("queue=\"backoff\"") == 1);
        runtime.advance(Duration.ofSeconds(30));
        assertThat(runtime.waiting()).isEqualTo(others);
        assertThat(api.bindings).isEmpty();
        loop.leading(true);
        awaitBound("p", "a");
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
