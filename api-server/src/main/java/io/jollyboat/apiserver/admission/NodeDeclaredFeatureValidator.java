package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.ArrayList;
import java.util.List;

/** Refuses a change of a pod that takes features which its node does not declare. */
public final class NodeDeclaredFeatureValidator implements AdmissionPlugin {
    private static final String POD_LEVEL = "InPlacePodLevelResourcesVerticalScaling";
    private static final String INIT_CONTAINERS = "InPlacePodVerticalScalingInitContainers";

    private final CachedObjects<Node> nodes;

    public NodeDeclaredFeatureValidator(ObjectStorages storages) {
        this.nodes = new CachedObjects<>(storages, Node.class);
    }

    @Override
    public String name() {
        return "NodeDeclaredFeatureValidator";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        boolean concerned =
                request.subresource().isEmpty() || request.subresource().equals("resize");
        if (!concerned || !BoundPods.isChanged(request, object)) {
            return;
        }
        Pod pod = (Pod) object;
        List<String> required = required(((Pod) request.old()).getSpec(), pod.getSpec());
        if (required.isEmpty()) {
            return;
        }
        Refusal refusal = new Refusal(request, object);
        Node node = BoundPods.node(nodes, pod, refusal);
        required.removeAll(node.getStatus().getDeclaredFeaturesList());
        if (!required.isEmpty()) {
            throw refusal.because("pod update requires features " + String.join(", ", required)
                    + " which are not available on node \"" + node.getMetadata().getName() + "\"");
        }
    }

    /** By name, as upstream. What else nodes declare, no change of a pod can take. */
    private static List<String> required(PodSpec before, PodSpec after) {
        List<String> required = new ArrayList<>();
        if (!before.getResources().equals(after.getResources())) {
            required.add(POD_LEVEL);
        }
        for (int i = 0; i < Math.min(before.getInitContainersCount(), after.getInitContainersCount()); i++) {
            Container old = before.getInitContainers(i);
            boolean sidecar = old.getRestartPolicy().equals("Always");
            if (!sidecar
                    && !old.getResources().equals(after.getInitContainers(i).getResources())) {
                required.add(INIT_CONTAINERS);
                break;
            }
        }
        return required;
    }
}
