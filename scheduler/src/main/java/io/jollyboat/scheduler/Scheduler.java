package io.jollyboat.scheduler;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.LeaderElectionConfig;
import io.jollyboat.controller.LeaderElector;
import io.jollyboat.events.SeriesEventRecorder;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.scheduler.cycle.SchedulingLoop;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.plugins.BuiltInPlugins;
import java.util.Map;

/** The scheduler. The informers are the caller's, who starts and closes them. */
public final class Scheduler implements AutoCloseable {
    private static final Selection NOT_ENDED = Selection.fields("status.phase!=Succeeded,status.phase!=Failed");

    private final Runtime runtime;
    private final Informer<Node> nodes;
    private final Informer<Pod> pods;
    private final Informer<Namespace> namespaces;
    private final SeriesEventRecorder events;
    private final SchedulingLoop loop;
    private final LeaderElector elector;

    /**
     * @param identity tells this scheduler from others: the host's name
     * @param onLeadershipLost called after the scheduler has stopped placing pods; a process ends then
     */
    public Scheduler(
            SchedulerConfig config,
            String identity,
            ApiClient client,
            Informers informers,
            Runtime runtime,
            Metrics metrics,
            Runnable onLeadershipLost) {
        this.runtime = runtime;
        this.nodes = informers.of(Kinds.of(Node.class));
        this.pods = informers.of(Kinds.of(Pod.class), NOT_ENDED);
        this.namespaces = informers.of(Kinds.of(Namespace.class));
        Profile profile = BuiltInPlugins.profile(
                config.schedulerName(), config.percentageOfNodesToScore(), client, this::namespaceLabels);
        this.events = new SeriesEventRecorder(
                client, config.schedulerName(), config.schedulerName() + "-" + identity, runtime);
        this.loop = new SchedulingLoop(profile, client, events, runtime, metrics);
        this.elector = config.leaderElect() ? elector(identity, client, onLeadershipLost) : null;
    }

    private Map<String, String> namespaceLabels(String name) {
        Namespace namespace = namespaces.get(ObjectKey.cluster(name));
        return namespace == null ? Map.of() : namespace.getMetadata().getLabelsMap();
    }

    private LeaderElector elector(String identity, ApiClient client, Runnable onLost) {
        String unique = identity + "_" + Long.toHexString(runtime.random().nextLong());
        return new LeaderElector(
                LeaderElectionConfig.of("kube-scheduler", unique), client, runtime, new LeaderElector.Listener() {
                    @Override
                    public void onElected() {
                        loop.leading(true);
                    }

                    @Override
                    public void onLost() {
                        loop.leading(false);
                        onLost.run();
                    }
                });
    }

    public void start() {
        events.start();
        nodes.addHandler(loop::nodeChanged);
        pods.addHandler(loop::podChanged);
        loop.start();
        runtime.start("scheduler sync", this::awaitSync);
        if (elector == null) {
            loop.leading(true);
        } else {
            elector.start();
        }
    }

    /** Whether the scheduler knows the cluster. */
    public boolean isReady() {
        return nodes.hasSynced() && pods.hasSynced() && namespaces.hasSynced();
    }

    @Override
    public void close() {
        if (elector != null) {
            elector.close();
        }
        loop.close();
        events.close();
    }

    private void awaitSync() {
        try {
            nodes.awaitSync();
            pods.awaitSync();
            namespaces.awaitSync();
            loop.synced();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
