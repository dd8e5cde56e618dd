package io.jollyboat.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.Scheduler;
import io.jollyboat.scheduler.SchedulerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two schedulers on one API server: one works, the other takes over. */
class SchedulerElectionTest {
    private static final ObjectKey LEASE = ObjectKey.of("kube-system", "kube-scheduler");

    /** One of them. */
    private record Candidate(SharedInformers informers, Scheduler scheduler) implements AutoCloseable {
        static Candidate start(EmbeddedApiServer server, String identity) {
            GrpcApiClient client = server.client(server.pki().scheduler(), "kube-scheduler");
            SharedInformers informers = new SharedInformers(client, SystemRuntime.instance());
            Scheduler scheduler = new Scheduler(
                    SchedulerConfig.embedded().withLeaderElection(),
                    identity,
                    client,
                    informers,
                    SystemRuntime.instance(),
                    new Metrics(),
                    () -> {});
            scheduler.start();
            informers.start();
            return new Candidate(informers, scheduler);
        }

        @Override
        public void close() {
            scheduler.close();
            informers.close();
        }
    }

    @Test
    void theOtherTakesOver() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                Candidate first = Candidate.start(server, "first")) {
            ApiClient admin = server.adminClient();
            TestObjects objects = new TestObjects(admin);
            objects.addNode("a", "4");
            awaitHolder(admin, "first");
            try (Candidate second = Candidate.start(server, "second")) {
                objects.addPod("one", "100m");
                objects.awaitNode("one", "a");
                first.close();
                objects.addPod("two", "100m");
                objects.awaitNode("two", "a");
                awaitHolder(admin, "second");
                assertThat(second.scheduler().isReady()).isTrue();
            }
        }
    }

    private static void awaitHolder(ApiClient admin, String identity) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(ApiException.class)
                .untilAsserted(() -> assertThat(admin.get(Kinds.of(Lease.class), LEASE)
                                .getSpec()
                                .getHolderIdentity())
                        .startsWith(identity + "_"));
    }
}
