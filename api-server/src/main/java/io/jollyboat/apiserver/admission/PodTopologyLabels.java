package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.List;

/** Tells a pod by labels in what zone and region its node stands. */
public final class PodTopologyLabels implements AdmissionPlugin {
    private static final List<String> COPIED = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    private final CachedObjects<Node> nodes;

    public PodTopologyLabels(ObjectStorages storages) {
        this.nodes = new CachedObjects<>(storages, Node.class);
    }

    @Override
    public String name() {
        return "PodTopologyLabels";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (!(object instanceof Pod pod)
                || !placed(request)
                || pod.getSpec().getNodeName().isEmpty()) {
            return object;
        }
        Entry node = nodes.known(pod.getSpec().getNodeName());
        if (node == null) {
            return pod;
        }
        Pod.Builder builder = null;
        for (String label : COPIED) {
            String value = node.labels().get(label);
            if (value != null) {
                builder = builder == null ? pod.toBuilder() : builder;
                builder.getMetadataBuilder().putLabels(label, value);
            }
        }
        return builder == null ? pod : builder.build();
    }

    /** A pod that comes with its node, or is given one. */
    private static boolean placed(AdmissionRequest request) {
        return request.subresource().equals("binding")
                || (request.operation() == Operation.CREATE
                        && request.subresource().isEmpty());
    }
}
