package io.jollyboat.scheduler.framework;

import java.util.List;
import java.util.Map;

/**
 * Which plugins schedule the pods of one scheduler name.
 *
 * @param plugins in the order of their calls, at each extension point
 * @param scoreWeights by plugin name; 1 where there is none
 * @param percentageOfNodesToScore 0: fewer the more nodes there are, as upstream
 */
public record Profile(
        String schedulerName, List<Plugin> plugins, Map<String, Integer> scoreWeights, int percentageOfNodesToScore) {
    public Profile {
        plugins = List.copyOf(plugins);
        scoreWeights = Map.copyOf(scoreWeights);
        long sorting =
                plugins.stream().filter(QueueSortPlugin.class::isInstance).count();
        if (sorting != 1) {
            throw new IllegalArgumentException("a profile has one QueueSort plugin, not " + sorting);
        }
        long names = plugins.stream().map(Plugin::name).distinct().count();
        if (names != plugins.size()) {
            throw new IllegalArgumentException("two plugins have one name");
        }
    }

    /** The plugins that have an extension point, in order. */
    public <P extends Plugin> List<P> at(Class<P> extensionPoint) {
        return plugins.stream()
                .filter(extensionPoint::isInstance)
                .map(extensionPoint::cast)
                .toList();
    }

    public QueueSortPlugin queueSort() {
        return at(QueueSortPlugin.class).getFirst();
    }

    public int weight(ScorePlugin plugin) {
        return scoreWeights.getOrDefault(plugin.name(), 1);
    }
}
