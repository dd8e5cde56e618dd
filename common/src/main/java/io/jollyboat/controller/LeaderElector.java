package io.jollyboat.controller;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.coordination.v1.LeaseSpec;
import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import java.time.Duration;
import java.time.Instant;

/**
 * Takes part in the election over a Lease, as upstream's does. A leader that could not renew within the deadline is told
 * at once, by a timer of its own and not by the request that hangs; it then stands for election again.
 *
 * <p>Clocks of different hosts are never compared: a candidate counts from when it saw the lease change.
 */
public final class LeaderElector implements AutoCloseable {
    private static final Log LOG = Log.of(LeaderElector.class);
    private static final ResourceType<Lease> LEASES = Kinds.of(Lease.class);
    private static final double JITTER = 1.2;

    private final LeaderElectionConfig config;
    private final ApiClient client;
    private final Runtime runtime;
    private final Listener listener;
    private final ObjectKey key;

    private Thread thread;
    private volatile boolean closed;
    // Guarded by this: who leads, and until when we may.
    private boolean leading;
    private Timer expiry;
    // The election thread's own.
    private Lease observed = Lease.getDefaultInstance();
    private long observedNanos;

    public LeaderElector(LeaderElectionConfig config, ApiClient client, Runtime runtime, Listener listener) {
        this.config = config;
        this.client = client;
        this.runtime = runtime;
        this.listener = listener;
        this.key = ObjectKey.of(config.namespace(), config.name());
    }

    public synchronized void start() {
        thread = runtime.start("leader-election " + config.name(), this::run);
    }

    public synchronized boolean isLeader() {
        return leading;
    }

    /** Stops work, then releases the lease so that another need not wait for its end. */
    @Override
    public void close() {
        boolean release;
        synchronized (this) {
            closed = true;
            release = leading;
            if (thread != null) {
                thread.interrupt();
            }
        }
        try {
            if (thread != null) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lost("closed");
        if (release) {
            release();
        }
    }

    private void run() {
        while (!closed) {
            long startedNanos = runtime.nanoTime();
            try {
                if (acquireOrRenew()) {
                    won(startedNanos);
                } else {
                    lost("another holds the lease");
                }
            } catch (ApiException e) {
                LOG.debug("lease not reached", "key", key, "error", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("election failed, will retry", e, "key", key);
            }
            try {
                client.pause(runtime, pause());
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    private Duration pause() {
        // Leaders renew evenly; candidates spread out.
        long nanos = config.retryPeriod().toNanos();
        return isLeader()
                ? config.retryPeriod()
                : Duration.ofNanos(
                        (long) (nanos * (1 + JITTER * runtime.random().nextDouble())));
    }

    private boolean acquireOrRenew() {
        Lease present;
        try {
            // A leader renews from what it wrote; only a conflict makes it read.
            present = isLeader() ? observed : client.get(LEASES, key);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            return write(null);
        }
        observe(present);
        String holder = present.getSpec().getHolderIdentity();
        if (!holder.equals(config.identity()) && !holder.isEmpty() && !observedExpired()) {
            return false;
        }
        return write(present);
    }

    /** @param present null when there is none */
    private boolean write(Lease present) {
        try {
            Lease next = next(present);
            observe(present == null ? client.create(LEASES, next) : client.update(LEASES, next));
            return true;
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isAlreadyExists()) {
                throw e;
            }
            Lease winner = client.get(LEASES, key);
            observe(winner);
            return winner.getSpec().getHolderIdentity().equals(config.identity()) && write(winner);
        }
    }

    private Lease next(Lease present) {
        MicroTime now = microTime(runtime.now());
        LeaseSpec.Builder spec =
                present == null ? LeaseSpec.newBuilder().setLeaseTransitions(0) : present.getSpec().toBuilder();
        if (!spec.getHolderIdentity().equals(config.identity())) {
            spec.setAcquireTime(now);
            if (present != null) {
                spec.setLeaseTransitions(spec.getLeaseTransitions() + 1);
            }
        }
        spec.setHolderIdentity(config.identity())
                .setLeaseDurationSeconds((int) config.leaseDuration().toSeconds())
                .setRenewTime(now);
        Lease.Builder lease = present == null
                ? Lease.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder()
                                .setNamespace(key.namespace())
                                .setName(key.name()))
                : present.toBuilder();
        return lease.setSpec(spec).build();
    }

    private void observe(Lease lease) {
        if (!lease.getSpec().equals(observed.getSpec())) {
            observedNanos = runtime.nanoTime();
        }
        observed = lease;
    }

    private boolean observedExpired() {
        long seconds = observed.getSpec().getLeaseDurationSeconds();
        return runtime.nanoTime() - observedNanos > Duration.ofSeconds(seconds).toNanos();
    }

    private void won(long startedNanos) {
        boolean first;
        synchronized (this) {
            if (closed) {
                return;
            }
            first = !leading;
            leading = true;
            if (expiry != null) {
                expiry.cancel();
            }
            // The others count from the renewal's arrival, we from before we sent it.
            Duration left = config.renewDeadline().minusNanos(runtime.nanoTime() - startedNanos);
            expiry = runtime.schedule(left, () -> lost("not renewed in time"));
        }
        if (first) {
            LOG.info("became leader", "key", key, "identity", config.identity());
            listener.onElected();
        }
    }

    private void lost(String why) {
        synchronized (this) {
            if (!leading) {
                return;
            }
            leading = false;
            expiry.cancel();
        }
        LOG.warn("no longer leader", "key", key, "identity", config.identity(), "reason", why);
        listener.onLost();
    }

    private void release() {
        try {
            // One second, as upstream: a crashed successor is not waited for long.
            LeaseSpec.Builder spec = observed.getSpec().toBuilder()
                    .setHolderIdentity("")
                    .setLeaseDurationSeconds(1)
                    .setRenewTime(microTime(runtime.now()))
                    .setAcquireTime(microTime(runtime.now()));
            client.update(LEASES, observed.toBuilder().setSpec(spec).build());
        } catch (ApiException e) {
            LOG.debug("lease not released", "key", key, "error", e.getMessage());
        }
    }

    private static MicroTime microTime(Instant instant) {
        return MicroTime.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano() / 1_000 * 1_000)
                .build();
    }

    /** Told about leadership, in turns; must not block for long. */
    public interface Listener {
        void onElected();

        /** All work must stop before this returns. */
        void onLost();
    }
}
