package io.jollyboat.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.events.v1.Event;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.Scheduler;
import io.jollyboat.scheduler.SchedulerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through the gRPC door with mTLS, under the scheduler's own identity and upstream's roles. */
class SchedulerOnApiServerTest {
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final EmbeddedApiServer server = EmbeddedApiServer.start();
    private final ApiClient admin = server.adminClient();
    private final TestObjects objects = new TestObjects(admin);
    private final GrpcApiClient client = server.client(server.pki().scheduler(), "kube-scheduler");
    private final SharedInformers informers = new SharedInformers(client, SystemRuntime.instance());
    private final Scheduler scheduler = new Scheduler(
            SchedulerConfig.embedded(), "test", client, informers, SystemRuntime.instance(), new Metrics(), () -> {});

    @BeforeEach
    void start() {
        scheduler.start();
        informers.start();
    }

    @AfterEach
    void close() {
        scheduler.close();
        informers.close();
        server.close();
    }

    private Pod pod(String name) {
        return admin.get(PODS, ObjectKey.of("default", name));
    }

    private Optional<PodCondition> scheduled(String pod) {
        return pod(pod).getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals("PodScheduled"))
                .findFirst();
    }

    private List<String> notes(String reason) {
        return admin.list(Kinds.of(Event.class), "default", Selection.ALL).items().stream()
                .filter(e -> e.getReason().equals(reason))
                .map(Event::getNote)
                .toList();
    }

    @Test
    void aPodGetsItsNode() {
        objects.addNode("a", "4");
        objects.addPod("web", "100m");
        objects.awaitNode("web", "a");
        assertThat(scheduled("web"))
                .hasValueSatisfying(c -> assertThat(c.getStatus()).isEqualTo("True"));
        await().untilAsserted(
                        () -> assertThat(notes("Scheduled")).containsExactly("Successfully assigned default/web to a"));
    }

    @Test
    void aPodThatFitsNowhereIsToldSoAndPlacedWhenThereIsRoom() {
        objects.addNode("small", "1");
        objects.addPod("first", "800m");
        objects.awaitNode("first", "small");
        objects.addPod("big", "800m");
        String message = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1"
                + " nodes are available: 1 No preemption victims found for incoming pod.";
        await().untilAsserted(() -> assertThat(scheduled("big")).hasValueSatisfying(c -> {
            assertThat(c.getStatus()).isEqualTo("False");
            assertThat(c.getReason()).isEqualTo("Unschedulable");
            assertThat(c.getMessage()).isEqualTo(message);
        }));
        await().untilAsserted(() -> assertThat(notes("FailedScheduling")).contains(message));
        admin.delete(
                PODS,
                ObjectKey.of("default", "first"),
                DeleteOptions.newBuilder().setGracePeriodSeconds(0).build());
        objects.awaitNode("big", "small");
    }

    @Test
    void goesOnAfterTheApiServersReturn() {
        objects.addNode("a", "4");
        objects.addPod("before", "100m");
        objects.awaitNode("before", "a");
        server.stop();
        server.restart();
        // 503 until the test's own connection is back.
        await().ignoreException(ApiException.class).until(() -> {
            objects.addPod("after", "100m");
            return true;
        });
        objects.awaitNode("after", "a");
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
