package io.jollyboat.controllers.nodeipam;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Allocates a node's podCIDRs, one from each cluster network, when it has none. */
public final class NodeIpamController {
    private static final Duration WHEN_FULL = Duration.ofSeconds(30);
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(20);

    private final ControllerContext context;
    private final Informer<Node> nodes;
    /** Guarded by itself. */
    private final List<CidrPool> pools;
    /** A podCIDR cannot be changed: a second one for a node that looks bare in the cache would be refused. */
    private final WriteTracker writes = new WriteTracker();

    private NodeIpamController(ControllerContext context, List<CidrPool> pools) {
        this.context = context;
        this.nodes = context.informers().of(Types.NODES);
        this.pools = pools;
    }

    /**
     * @param clusterCidrs one for each address family
     * @param blockPrefixes the size of a node's block in each of them
     */
    public static Controller create(ControllerContext context, List<String> clusterCidrs, List<Integer> blockPrefixes) {
        List<CidrPool> pools = new ArrayList<>();
        for (int i = 0; i < clusterCidrs.size(); i++) {
            pools.add(new CidrPool(clusterCidrs.get(i), blockPrefixes.get(i)));
        }
        NodeIpamController controller = new NodeIpamController(context, pools);
        // One worker: what is free depends on the allocation before.
        ControllerLoop loop = context.loop("node-ipam", 1, controller::reconcile);
        controller.nodes.addHandler((before, after) -> {
            controller.note(before, after);
            if (after != null && after.getSpec().getPodCIDRsCount() == 0) {
                loop.add(Types.NODES.key(after));
            }
        });
        return Controller.of(loop, controller.nodes);
    }

    private void note(Node before, Node after) {
        synchronized (pools) {
            if (after != null) {
                after.getSpec().getPodCIDRsList().forEach(cidr -> pools.forEach(pool -> pool.occupy(cidr)));
            } else {
                release(before.getSpec().getPodCIDRsList());
                writes.forget(Types.NODES.key(before));
            }
        }
    }

    private Outcome reconcile(ObjectKey key) {
        if (!writes.caughtUp(key)) {
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        Node node = nodes.get(key);
        if (node == null
                || node.getSpec().getPodCIDRsCount() > 0
                || node.getMetadata().hasDeletionTimestamp()) {
            return Outcome.done();
        }
        Optional<List<String>> blocks = allocate();
        if (blocks.isEmpty()) {
            context.events()
                    .record(
                            Types.NODES,
                            node,
                            EventType.NORMAL,
                            "CIDRNotAvailable",
                            "Node " + key.name() + " status is now: CIDRNotAvailable");
            return Outcome.after(WHEN_FULL);
        }
        try {
            writes.wrote(
                    key,
                    nodes,
                    context.client().patch(Types.NODES, key, "", PatchKind.STRATEGIC_MERGE, patch(node, blocks.get())));
        } catch (RuntimeException e) {
            // Freed although the write may have been done: the cache will show it, and occupy them again.
            synchronized (pools) {
                release(blocks.get());
            }
            throw e;
        }
        return Outcome.done();
    }

    /** One from each pool, or none at all. */
    private Optional<List<String>> allocate() {
        synchronized (pools) {
            List<String> blocks = new ArrayList<>();
            for (CidrPool pool : pools) {
                Optional<String> block = pool.allocate();
                if (block.isEmpty()) {
                    release(blocks);
                    return Optional.empty();
                }
                blocks.add(block.get());
            }
            return Optional.of(blocks);
        }
    }

    private void release(List<String> blocks) {
        blocks.forEach(cidr -> pools.forEach(pool -> pool.release(cidr)));
    }

    private static String patch(Node node, List<String> blocks) {
        String list = blocks.stream().map(b -> "\"" + b + "\"").collect(Collectors.joining(","));
        return "{\"metadata\":{\"uid\":\"" + node.getMetadata().getUid() + "\"},\"spec\":{\"podCIDR\":\""
                + blocks.getFirst() + "\",\"podCIDRs\":[" + list + "]}}";
    }
}
