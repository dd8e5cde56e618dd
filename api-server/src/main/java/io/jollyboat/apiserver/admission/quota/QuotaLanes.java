package io.jollyboat.apiserver.admission.quota;

import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.quota.Amounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Charges quotas: all writes of a namespace that wait at a time by one write of each quota. Thread-safe; a call blocks
 * until its write is charged or refused.
 */
final class QuotaLanes {
    private static final int LANES = 64;

    private final ObjectStorages storages;
    private final Lane[] lanes = new Lane[LANES];

    QuotaLanes(ObjectStorages storages) {
        this.storages = storages;
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new Lane();
        }
    }

    /** Who holds the turn works for all who wait. */
    private static final class Lane {
        private final ReentrantLock turn = new ReentrantLock(true);
        private List<Waiter> waiting = new ArrayList<>();

        synchronized void add(Waiter waiter) {
            waiting.add(waiter);
        }

        synchronized List<Waiter> drain() {
            List<Waiter> all = waiting;
            waiting = new ArrayList<>();
            return all;
        }
    }

    /** Written by whoever has the turn, read with the turn taken. */
    private static final class Waiter {
        private final QuotaCheck check;
        private boolean done;
        private RuntimeException refusal;

        private Waiter(QuotaCheck check) {
            this.check = check;
        }

        /** Whether it still hopes. */
        private boolean attempt(Runnable step) {
            try {
                step.run();
                return true;
            } catch (ApiException e) {
                refusal = e;
                return false;
            }
        }
    }

    /** @throws ApiException when a quota does not allow it */
    void charge(QuotaCheck check) {
        Lane lane = lanes[Math.floorMod(check.namespace().hashCode(), LANES)];
        Waiter waiter = new Waiter(check);
        lane.add(waiter);
        lane.turn.lock();
        try {
            if (!waiter.done) {
                work(lane.drain());
            }
        } finally {
            lane.turn.unlock();
        }
        if (waiter.refusal != null) {
            throw waiter.refusal;
        }
    }

    private void work(List<Waiter> batch) {
        Map<String, List<Waiter>> byNamespace = new HashMap<>();
        for (Waiter waiter : batch) {
            byNamespace
                    .computeIfAbsent(waiter.check.namespace(), namespace -> new ArrayList<>())
                    .add(waiter);
        }
        byNamespace.forEach((namespace, waiters) -> {
            try {
                work(namespace, waiters);
            } catch (RuntimeException e) {
                // Of the store: nobody knows what is charged, so nobody passes.
                waiters.stream().filter(waiter -> waiter.refusal == null).forEach(waiter -> waiter.refusal = e);
            } finally {
                waiters.forEach(waiter -> waiter.done = true);
            }
        });
    }

    private void work(String namespace, List<Waiter> waiters) {
        ObjectStorage storage = storages.of(Kinds.of(ResourceQuota.class));
        List<Entry> entries = storage.cache().snapshot().list(namespace);
        List<Waiter> hopeful = new ArrayList<>();
        for (Waiter waiter : waiters) {
            // What cannot be is refused by all that is known, before anything is charged anywhere.
            if (waiter.attempt(() -> look(waiter.check, entries))) {
                hopeful.add(waiter);
            }
        }
        for (Entry entry : entries) {
            charge(storage, entry, hopeful);
        }
    }

    private static void look(QuotaCheck check, List<Entry> entries) {
        entries.forEach(entry -> check.requireMeasurable(quota(entry)));
        check.requirePositive();
        entries.forEach(entry -> check.charged(quota(entry)));
    }

    /** On the quota as it is when it is written, whatever the cache said. Takes away whom it refuses. */
    private static void charge(ObjectStorage storage, Entry known, List<Waiter> hopeful) {
        List<Waiter> paying = hopeful.stream()
                .filter(waiter -> !waiter.check.dryRun() && waiter.check.needs(quota(known)))
                .toList();
        if (paying.isEmpty()) {
            return;
        }
        storage.update(
                known.key(),
                Preconditions.NONE,
                true,
                0,
                current -> current == null ? forgiven(paying) : charged(quota(current), paying));
        hopeful.removeIf(waiter -> waiter.refusal != null);
    }

    /** Nobody pays to a quota that is gone. */
    private static ResourceQuota forgiven(List<Waiter> paying) {
        paying.forEach(waiter -> waiter.refusal = null);
        return null;
    }

    private static ResourceQuota charged(ResourceQuota quota, List<Waiter> paying) {
        ResourceQuota running = quota;
        for (Waiter waiter : paying) {
            ResourceQuota present = running;
            List<Map<String, Quantity>> used = new ArrayList<>(1);
            waiter.refusal = null;
            if (waiter.attempt(() -> {
                waiter.check.requireMeasurable(present);
                used.add(waiter.check.charged(present));
            })) {
                running = with(running, used.getFirst());
            }
        }
        return running;
    }

    private static ResourceQuota with(ResourceQuota quota, Map<String, Quantity> used) {
        if (Amounts.equal(quota.getStatus().getUsedMap(), used)) {
            return quota;
        }
        ResourceQuota.Builder builder = quota.toBuilder();
        builder.getStatusBuilder().clearUsed().putAllUsed(used);
        return builder.build();
    }

    private static ResourceQuota quota(Entry entry) {
        return (ResourceQuota) entry.object();
    }
}
