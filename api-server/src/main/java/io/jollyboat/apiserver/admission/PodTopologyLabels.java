package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells a pod that comes with its node, or is given one, by labels in what zone and region that stands. */
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
        if (object instanceof Binding binding) {
            return labels(binding.getTarget().getName())
                    .<Message>map(labels -> {
                        Binding.Builder labelled = binding.toBuilder();
                        labelled.getMetadataBuilder().putAllLabels(labels);
                        return labelled.build();
                    })
                    .orElse(binding);
        }
        if (!(object instanceof Pod pod)
                || request.operation() != Operation.CREATE
                || !request.subresource().isEmpty()) {
            return object;
        }
        return labels(pod.getSpec().getNodeName())
                .<Message>map(labels -> {
                    Pod.Builder labelled = pod.toBuilder();
                    labelled.getMetadataBuilder().putAllLabels(labels);
                    return labelled.build();
                })
                .orElse(pod);
    }

    /** Empty where there are none, or no such node. */
    private Optional<Map<String, String>> labels(String nodeName) {
        Entry node = nodeName.isEmpty() ? null : nodes.known(nodeName);
        if (node == null) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        for (String label : COPIED) {
            String value = node.labels().get(label);
            if (value != null) {
                labels.put(label, value);
            }
        }
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
    }
}
