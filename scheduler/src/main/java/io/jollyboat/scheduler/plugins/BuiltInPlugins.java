package io.jollyboat.scheduler.plugins;

import io.jollyboat.client.ApiClient;
import io.jollyboat.scheduler.framework.Plugin;
import io.jollyboat.scheduler.framework.Profile;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The one list of what is built in, in the order in which upstream calls it, with upstream's weights. */
public final class BuiltInPlugins {
    private static final Map<String, Integer> WEIGHTS = Map.of(
            "TaintToleration", 3,
            "NodeAffinity", 2,
            "InterPodAffinity", 2,
            "PodTopologySpread", 2,
            "NodeResourcesFit", 1,
            "NodeResourcesBalancedAllocation", 1,
            "ImageLocality", 1);

    private BuiltInPlugins() {}

    /**
     * @param client binds
     * @param namespaceLabels of a namespace, by its name
     */
    public static List<Plugin> all(ApiClient client, Function<String, Map<String, String>> namespaceLabels) {
        return List.of(
                new SchedulingGatesPlugin(),
                new PrioritySortPlugin(),
                new UnsupportedRulesPlugin(),
                new NodeUnschedulablePlugin(),
                new NodeNamePlugin(),
                new TaintTolerationPlugin(),
                new NodeAffinityPlugin(),
                new NodePortsPlugin(),
                new NodeResourcesFitPlugin(),
                new PodTopologySpreadPlugin(),
                new InterPodAffinityPlugin(namespaceLabels),
                new DynamicResourcesPlugin(),
                new DefaultPreemptionPlugin(),
                new BalancedAllocationPlugin(),
                new ImageLocalityPlugin(),
                new DefaultBinderPlugin(client));
    }

    /** @param percentageOfNodesToScore 0: as upstream's default */
    public static Profile profile(
            String schedulerName,
            int percentageOfNodesToScore,
            ApiClient client,
            Function<String, Map<String, String>> namespaceLabels) {
        return new Profile(schedulerName, all(client, namespaceLabels), WEIGHTS, percentageOfNodesToScore);
    }
}
