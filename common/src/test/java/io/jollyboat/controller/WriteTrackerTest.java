package io.jollyboat.controller;

import static io.jollyboat.client.TestPods.PODS;
import static io.jollyboat.client.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.InProcess;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteTrackerTest {
    private static final ObjectKey OWNER = ObjectKey.of("default", "owner");
    private static final ObjectKey POD = ObjectKey.of("default", "a");

    @Test
    void ownWritesAreAwaited() throws Exception {
        try (InProcess api = new InProcess();
                SharedInformers informers = new SharedInformers(api.client, SystemRuntime.instance())) {
            Informer<Pod> pods = informers.of(PODS);
            WriteTracker tracker = new WriteTracker();
            Pod created = api.client.create(PODS, pod("a"));
            tracker.wrote(OWNER, pods, created);
            assertThat(tracker.caughtUp(OWNER)).isFalse();
            assertThat(tracker.caughtUp(ObjectKey.of("default", "other"))).isTrue();

            informers.start();
            pods.awaitSync();
            assertThat(tracker.caughtUp(OWNER)).isTrue();

            tracker.deleted(OWNER, pods, POD, "uid-a");
            assertThat(tracker.caughtUp(OWNER)).isFalse();
            api.client.delete(PODS, POD, DeleteOptions.getDefaultInstance());
            await().atMost(Duration.ofSeconds(60)).until(() -> tracker.caughtUp(OWNER));
        }
    }
}
