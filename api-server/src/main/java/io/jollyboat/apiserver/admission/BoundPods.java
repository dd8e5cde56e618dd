package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;

/** What plugins ask that look at changes of pods which have a node already. */
final class BoundPods {
    private BoundPods() {}

    /** Whether the spec of such a pod changes. */
    static boolean isChanged(AdmissionRequest request, Message object) {
        return request.operation() == Operation.UPDATE
                && request.type().qualifiedResource().equals("pods")
                && object instanceof Pod pod
                && !pod.getSpec().getNodeName().isEmpty()
                && request.old() instanceof Pod old
                && old.getMetadata().getGeneration() != pod.getMetadata().getGeneration();
    }

    /** The pod's node; a refusal where it is gone. */
    static Node node(CachedObjects<Node> nodes, Pod pod, Refusal refusal) {
        Node node = nodes.find(pod.getSpec().getNodeName());
        if (node == null) {
            throw refusal.because("node \"" + pod.getSpec().getNodeName() + "\" not found");
        }
        return node;
    }
}
