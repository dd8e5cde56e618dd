package io.jollyboat.kubelet.node;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.coordination.v1.LeaseSpec;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Duration;

/** Renews the node's lease: that the node lives. */
public final class LeaseKeeper implements AutoCloseable {
    private static final Log LOG = Log.of(LeaseKeeper.class);
    private static final ResourceType<Lease> LEASES = Kinds.of(Lease.class);
    private static final String NAMESPACE = "kube-node-lease";
    private static final int DURATION_SECONDS = 40;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ApiClient client;
    private final String nodeName;
    private final Duration renewal;
    private final Runtime runtime;
    private volatile Node node;
    private Lease known;
    private Thread thread;

    public LeaseKeeper(ApiClient client, String nodeName, Duration renewal, Runtime runtime) {
        this.client = client;
        this.nodeName = nodeName;
        this.renewal = renewal;
        this.runtime = runtime;
    }

    public void start() {
        thread = runtime.start("lease " + nodeName, this::run);
    }

    /** The lease belongs to the node, and goes with it. */
    public void owner(Node owner) {
        node = owner;
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                if (renew()) {
                    runtime.sleep(renewal);
                } else {
                    client.pause(runtime, RETRY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renew() {
        try {
            if (known == null) {
                known = find();
            }
            LeaseSpec spec = spec(known.getSpec());
            known = client.update(
                    LEASES,
                    known.toBuilder()
                            .setMetadata(owned(known.getMetadata()))
                            .setSpec(spec)
                            .build());
            return true;
        } catch (ApiException e) {
            LOG.debug("cannot renew the node's lease", "key", nodeName, "error", e.getMessage());
            known = null;
            return false;
        }
    }

    private Lease find() {
        try {
            return client.get(LEASES, ObjectKey.of(NAMESPACE, nodeName));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            ObjectMeta meta = ObjectMeta.newBuilder()
                    .setNamespace(NAMESPACE)
                    .setName(nodeName)
                    .build();
            return client.create(
                    LEASES,
                    Lease.newBuilder()
                            .setMetadata(owned(meta))
                            .setSpec(spec(LeaseSpec.getDefaultInstance()))
                            .build());
        }
    }

    private LeaseSpec spec(LeaseSpec before) {
        return before.toBuilder()
                .setHolderIdentity(nodeName)
                .setLeaseDurationSeconds(DURATION_SECONDS)
                .setRenewTime(Times.microTime(runtime.now()))
                .build();
    }

    private ObjectMeta owned(ObjectMeta meta) {
        Node owner = node;
        if (owner == null || meta.getOwnerReferencesCount() > 0) {
            return meta;
        }
        return meta.toBuilder()
                .addOwnerReferences(OwnerReference.newBuilder()
                        .setApiVersion("v1")
                        .setKind("Node")
                        .setName(nodeName)
                        .setUid(owner.getMetadata().getUid()))
                .build();
    }
}
