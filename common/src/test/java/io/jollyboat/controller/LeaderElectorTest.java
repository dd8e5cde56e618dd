package io.jollyboat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.client.InProcess;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderElectorTest {
    private static final ResourceType<Lease> LEASES = Kinds.of(Lease.class);
    private static final ObjectKey KEY = ObjectKey.of("kube-system", "test");

    private final InProcess api = new InProcess();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final LeaderElector a = elector("a");
    private final LeaderElector b = elector("b");

    private LeaderElector elector(String identity) {
        return new LeaderElector(
                LeaderElectionConfig.of("test", identity), api.client, runtime, new LeaderElector.Listener() {
                    @Override
                    public void onElected() {
                        told.add(identity + " leads");
                    }

                    @Override
                    public void onLost() {
                        told.add(identity + " stops");
                    }
                });
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        api.close();
    }

    private void advance(Duration duration) {
        // In steps, so that the electors' threads get their turn at each of their pauses: all that waited before wait
        // again, but for the timer of a leadership that has just ended.
        for (long left = duration.toMillis(); left > 0; left -= 500) {
            int sleeping = runtime.waiting();
            int heard = told.size();
            runtime.advance(Duration.ofMillis(Math.min(500, left)));
            await().until(() -> runtime.waiting() >= sleeping || told.size() > heard);
        }
    }

    private void startA() {
        a.start();
        await().until(a::isLeader);
        await().until(() -> runtime.waiting() == 2);
    }

    @Test
    void oneLeadsAndRenews() {
        startA();
        b.start();
        await().until(() -> runtime.waiting() == 3);
        for (int i = 0; i < 30; i++) {
            runtime.advance(Duration.ofSeconds(2));
            await().until(() -> runtime.waiting() == 3);
        }
        assertThat(told).containsExactly("a leads");
        Lease lease = api.fake.stored(LEASES, KEY);
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("a");
        assertThat(lease.getSpec().getLeaseTransitions()).isZero();
        assertThat(lease.getSpec().getLeaseDurationSeconds()).isEqualTo(15);
        assertThat(lease.getSpec().getRenewTime().getSeconds())
                .isGreaterThan(lease.getSpec().getAcquireTime().getSeconds());
    }

    @Test
    void aLeaderThatCannotRenewStopsBeforeAnotherMayLead() {
        startA();
        api.fake.fail(ApiException.of(503, "ServiceUnavailable", "down"));
        advance(Duration.ofSeconds(9));
        assertThat(a.isLeader()).isTrue();
        advance(Duration.ofMillis(1500));
        await().untilAsserted(() -> assertThat(told).containsExactly("a leads", "a stops"));
        assertThat(a.isLeader()).isFalse();
    }

    @Test
    void aSilentLeaderIsReplacedAfterItsLease() {
        api.client.create(
                LEASES,
                Lease.newBuilder()
                        .setMetadata(io.jollyboat.api.meta.v1.ObjectMeta.newBuilder()
                                .setNamespace(KEY.namespace())
                                .setName(KEY.name()))
                        .setSpec(io.jollyboat.api.coordination.v1.LeaseSpec.newBuilder()
                                .setHolderIdentity("dead")
                                .setLeaseTransitions(3)
                                .setLeaseDurationSeconds(15))
                        .build());
        b.start();
        await().until(() -> runtime.waiting() == 1);
        advance(Duration.ofSeconds(14));
        assertThat(told).isEmpty();
        advance(Duration.ofSeconds(6));
        await().untilAsserted(() -> assertThat(told).containsExactly("b leads"));
        Lease lease = api.fake.stored(LEASES, KEY);
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("b");
        assertThat(lease.getSpec().getLeaseTransitions()).isEqualTo(4);
    }

    @Test
    void anOrderlyEndReleasesTheLease() {
        startA();
        a.close();
        assertThat(told).containsExactly("a leads", "a stops");
        assertThat(api.fake.stored(LEASES, KEY).getSpec().getHolderIdentity()).isEmpty();
        b.start();
        await().until(b::isLeader);
    }

    /** Long enough for a busy machine; a green run does not wait for it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
    }
}
