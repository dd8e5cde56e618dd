package io.jollyboat.events;

import static io.jollyboat.client.TestPods.PODS;
import static io.jollyboat.client.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Event;
import io.jollyboat.client.InProcess;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoreEventRecorderTest {
    private static final ResourceType<Event> EVENTS = Kinds.of(Event.class);

    private final InProcess api = new InProcess();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final CoreEventRecorder recorder = new CoreEventRecorder(api.client, "kubelet", "node-1", runtime);

    @BeforeEach
    void start() {
        recorder.start();
    }

    @AfterEach
    void close() {
        recorder.close();
        api.close();
    }

    private void pulled(String message) {
        recorder.record(PODS, pod("a"), EventType.NORMAL, "Pulled", message);
        runtime.advance(Duration.ofMillis(1)); // names carry the time
    }

    private int written() {
        return api.fake.all(EVENTS).size();
    }

    @Test
    void writesUpstreamsFields() {
        pulled("Successfully pulled image");
        await().until(() -> written() == 1);
        Event event = api.fake.all(EVENTS).getFirst();
        assertThat(event.getMetadata().getName()).matches("a\\.[0-9a-f]+");
        assertThat(event.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(event.getInvolvedObject().getKind()).isEqualTo("Pod");
        assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-a");
        assertThat(event.getSource().getHost()).isEqualTo("node-1");
        assertThat(event.getReportingComponent()).isEqualTo("kubelet");
        assertThat(event.getCount()).isEqualTo(1);
        assertThat(event.getType()).isEqualTo("Normal");
        assertThat(event.getFirstTimestamp()).isEqualTo(event.getLastTimestamp());
    }

    @Test
    void theSameAgainIsCounted() {
        pulled("same \"text\"");
        pulled("same \"text\"");
        await().until(() -> api.fake.patches().size() == 1);
        assertThat(api.fake.patches().getFirst())
                .isEqualTo(
                        "{\"count\":2,\"lastTimestamp\":\"2026-01-01T00:00:00Z\",\"message\":\"same \\\"text\\\"\"}");
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void manyUnlikeOnesAreCombined() {
        for (int i = 0; i < 15; i++) {
            pulled("message " + i);
        }
        await().until(() -> api.fake.patches().size() == 5);
        assertThat(written()).isEqualTo(10);
        assertThat(api.fake.patches().getLast()).contains("(combined from similar events): message 14");
    }

    @Test
    void aFloodIsCutShortAndTricklesLater() {
        for (int i = 0; i < 40; i++) {
            pulled("same");
        }
        recorder.record(PODS, pod("b"), EventType.NORMAL, "Pulled", "other object");
        await().until(() -> written() == 2);
        assertThat(api.fake.patches()).hasSize(24);
        runtime.advance(Duration.ofMinutes(5));
        pulled("same");
        pulled("same");
        recorder.record(PODS, pod("c"), EventType.NORMAL, "Pulled", "another object");
        await().until(() -> written() == 3);
        assertThat(api.fake.patches()).hasSize(25);
    }

    @Test
    void waitsForTheServerAndGoesOn() {
        api.fake.fail(ApiException.of(503, "ServiceUnavailable", "down"));
        pulled("one");
        await().until(() -> runtime.waiting() == 1);
        api.fake.fail(null);
        runtime.advance(Duration.ofSeconds(10));
        await().until(() -> written() == 1);
    }

    @Test
    void seriesBeginAtTheSecond() {
        SeriesEventRecorder series =
                new SeriesEventRecorder(api.client, "default-scheduler", "default-scheduler-host", runtime);
        series.start();
        ResourceType<io.jollyboat.api.events.v1.Event> kind = Kinds.of(io.jollyboat.api.events.v1.Event.class);
        failedScheduling(series, 0);
        await().until(() -> api.fake.all(kind).size() == 1);
        failedScheduling(series, 1);
        await().until(() -> api.fake.patches().size() == 1);
        failedScheduling(series, 2);
        series.record(References.to(PODS, pod("b")), EventType.NORMAL, "Scheduled", "Binding", "after the others");
        await().until(() -> api.fake.all(kind).size() == 2);
        assertThat(api.fake.patches())
                .containsExactly("{\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}}");
        assertThat(api.fake.all(kind))
                .first()
                .satisfies(e -> assertThat(e.getNote()).isEqualTo("note 0"));
        runtime.advance(Duration.ofMinutes(6));
        await().until(() -> api.fake.patches().size() == 2);
        assertThat(api.fake.patches().getLast()).contains("\"count\":3");
        series.close();
    }

    private static void failedScheduling(SeriesEventRecorder series, int number) {
        series.record(
                References.to(PODS, pod("a")), EventType.WARNING, "FailedScheduling", "Scheduling", "note " + number);
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
