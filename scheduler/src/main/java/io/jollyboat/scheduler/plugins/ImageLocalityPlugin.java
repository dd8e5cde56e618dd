package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;

/** Prefers nodes that have the pod's images, the less so the fewer nodes have them, lest all pods go to one node. */
final class ImageLocalityPlugin implements PreScorePlugin, ScorePlugin {
    private static final long MIN_BYTES = 23L << 20;
    private static final long MAX_BYTES_PER_CONTAINER = 1000L << 20;
    private static final CycleState.Key<List<SpreadImage>> IMAGES = new CycleState.Key<>("ImageLocality");

    @Override
    public String name() {
        return "ImageLocality";
    }

    @Override
    public long version(ClusterSnapshot snapshot, PodInfo pod) {
        return snapshot.imagesVersion();
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        PodSpec spec = pod.pod().getSpec();
        List<String> names = new ArrayList<>();
        for (Container container : spec.getInitContainersList()) {
            names.add(container.getImage());
        }
        for (Container container : spec.getContainersList()) {
            names.add(container.getImage());
        }
        for (Volume volume : spec.getVolumesList()) {
            if (volume.getVolumeSource().hasImage()) {
                names.add(volume.getVolumeSource().getImage().getReference());
            }
        }
        double nodes = snapshot.nodes().size();
        List<SpreadImage> images = names.stream()
                .map(ImageLocalityPlugin::tagged)
                .map(name -> new SpreadImage(name, snapshot.nodesWithImage(name) / nodes))
                .filter(image -> image.spread > 0)
                .toList();
        state.put(IMAGES, images);
        return !images.isEmpty(); // else 0 for all
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        long bytes = 0;
        for (SpreadImage image : state.get(IMAGES)) {
            long size = node.imageSize(image.name);
            if (size > 0) {
                bytes += (long) (size * image.spread);
            }
        }
        PodSpec spec = pod.pod().getSpec();
        long most = MAX_BYTES_PER_CONTAINER * (spec.getInitContainersCount() + spec.getContainersCount());
        return MAX * (Math.clamp(bytes, MIN_BYTES, most) - MIN_BYTES) / (most - MIN_BYTES);
    }

    private static String tagged(String name) {
        return name.lastIndexOf(':') <= name.lastIndexOf('/') ? name + ":latest" : name;
    }

    /** @param spread the share of all nodes that have it */
    private record SpreadImage(String name, double spread) {}
}
