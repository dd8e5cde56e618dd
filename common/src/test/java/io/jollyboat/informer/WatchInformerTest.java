package io.jollyboat.informer;

import static io.jollyboat.client.TestPods.PODS;
import static io.jollyboat.client.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.InProcess;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchInformerTest {
    private final InProcess api = new InProcess();
    private final SharedInformers informers = new SharedInformers(api.client, SystemRuntime.instance());
    private final Informer<Pod> pods = informers.of(PODS);
    private final List<String> changes = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        informers.close();
        api.close();
    }

    private void start() throws InterruptedException {
        pods.addHandler((before, after) -> changes.add(
                before == null ? "+" + name(after) : after == null ? "-" + name(before) : "~" + name(after)));
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    private static ObjectKey key(String name) {
        return ObjectKey.of("default", name);
    }

    private void update(String name, String node) {
        Pod present = api.client.get(PODS, key(name));
        api.client.update(
                PODS,
                present.toBuilder()
                        .setSpec(present.getSpec().toBuilder().setNodeName(node))
                        .build());
    }

    @Test
    void followsEveryChangeInOrder() throws Exception {
        api.client.create(PODS, pod("a"));
        start();
        assertThat(changes).containsExactly("+a");
        api.client.create(PODS, pod("b"));
        update("a", "n1");
        api.client.delete(PODS, key("b"), DeleteOptions.getDefaultInstance());
        await().untilAsserted(() -> assertThat(changes).containsExactly("+a", "+b", "~a", "-b"));
        assertThat(pods.get(key("a")).getSpec().getNodeName()).isEqualTo("n1");
        assertThat(pods.get(key("a")).getMetadata().getManagedFieldsCount()).isZero();
        assertThat(pods.list()).hasSize(1);
        assertThat(pods.resourceVersion()).isEqualTo(104);
    }

    @Test
    void resumesWithoutLossRepetitionOrList() throws Exception {
        start();
        for (int i = 0; i < 20; i++) {
            api.client.create(PODS, pod("p" + i));
            if (i % 5 == 0) {
                api.fake.dropWatches(i % 10 == 0 ? null : ApiException.of(503, "ServiceUnavailable", "gone"));
            }
        }
        await().untilAsserted(() -> assertThat(changes).hasSize(20));
        assertThat(changes).doesNotHaveDuplicates().first().isEqualTo("+p0");
        assertThat(changes).last().isEqualTo("+p19");
        assertThat(api.fake.listCalls()).isEqualTo(1);
    }

    @Test
    void listsAnewWhenTheHistoryIsGone() throws Exception {
        api.client.create(PODS, pod("stays"));
        api.client.create(PODS, pod("changes"));
        api.client.create(PODS, pod("goes"));
        start();
        changes.clear();
        api.fake.fail(ApiException.of(503, "ServiceUnavailable", "down"));
        api.fake.fail(null);
        api.fake.dropWatches(null);
        synchronized (api.fake) {
            // Before the informer is back: all happens unseen.
            api.fake.dropWatches(null);
            update("changes", "n1");
            api.client.delete(PODS, key("goes"), DeleteOptions.getDefaultInstance());
            api.client.create(PODS, pod("comes"));
            api.fake.compact();
        }
        await().untilAsserted(() -> assertThat(changes).containsExactlyInAnyOrder("~changes", "-goes", "+comes"));
        assertThat(pods.get(key("stays"))).isNotNull();
        assertThat(api.fake.listCalls()).isEqualTo(2);
    }

    @Test
    void servesTheLastStateWhileTheServerIsAway() throws Exception {
        api.client.create(PODS, pod("a"));
        start();
        api.fake.fail(ApiException.of(503, "ServiceUnavailable", "down"));
        assertThat(pods.get(key("a"))).isNotNull();
        assertThat(pods.hasSynced()).isTrue();
        api.fake.fail(null);
        api.client.create(PODS, pod("b"));
        await().untilAsserted(() -> assertThat(changes).containsExactly("+a", "+b"));
        assertThat(api.fake.listCalls()).isEqualTo(1);
    }

    @Test
    void syncsOnceTheServerComes() throws Exception {
        api.fake.fail(ApiException.of(503, "ServiceUnavailable", "not yet"));
        informers.start();
        assertThat(informers.awaitSync(Duration.ofMillis(50))).isFalse();
        api.fake.fail(null);
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void bookmarksMoveTheVersion() throws Exception {
        start();
        long before = pods.resourceVersion();
        await().until(() -> api.fake.openWatches() == 1);
        api.fake.bumpRevision();
        api.fake.bookmark();
        await().until(() -> pods.resourceVersion() == before + 1);
        assertThat(changes).isEmpty();
    }

    @Test
    void indexesFollowTheObjects() throws Exception {
        pods.addIndex("node", p -> List.of(p.getSpec().getNodeName()));
        api.client.create(PODS, pod("a", "n1"));
        start();
        assertThat(pods.byIndex("node", "n1")).hasSize(1);
        update("a", "n2");
        await().until(() -> pods.byIndex("node", "n1").isEmpty());
        assertThat(pods.byIndex("node", "n2")).hasSize(1);
        assertThat(pods.list("default")).hasSize(1);
        assertThat(pods.list("other")).isEmpty();
        api.client.delete(PODS, key("a"), DeleteOptions.getDefaultInstance());
        await().until(() -> pods.byIndex("node", "n2").isEmpty());
        assertThat(pods.list("default")).isEmpty();
    }

    @Test
    void aLateHandlerIsToldWhatThereIsAndAFailingOneHarmsNobody() throws Exception {
        api.client.create(PODS, pod("a"));
        pods.addHandler((before, after) -> {
            throw new IllegalStateException("on purpose");
        });
        start();
        List<String> late = new CopyOnWriteArrayList<>();
        pods.addHandler((before, after) -> late.add(name(after)));
        assertThat(late).containsExactly("a");
        api.client.create(PODS, pod("b"));
        await().untilAsserted(() -> assertThat(late).containsExactly("a", "b"));
        assertThat(changes).containsExactly("+a", "+b");
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
