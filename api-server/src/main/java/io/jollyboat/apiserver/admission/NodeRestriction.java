package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.NodeIdentity;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A kubelet writes what belongs to its own node, and nothing else. */
public final class NodeRestriction implements AdmissionPlugin {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String LEASES = "kube-node-lease";
    private static final String RESTRICTED = "node-restriction.kubernetes.io";

    /** Labels below kubernetes.io and k8s.io that a kubelet may set. */
    private static final Set<String> OWN_LABELS = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "failure-domain.beta.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "topology.kubernetes.io/zone",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/arch");

    private final ObjectStorages storages;

    public NodeRestriction(ObjectStorages storages) {
        this.storages = storages;
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        Optional<String> identity = NodeIdentity.of(request.user());
        if (identity.isEmpty()) {
            return;
        }
        String node = identity.get();
        if (node.isEmpty()) {
            throw refused(request, "could not determine node identity from user");
        }
        String subresource = request.subresource().isEmpty() ? "" : "/" + request.subresource();
        switch (request.type().qualifiedResource() + subresource) {
            case "pods" -> pod(request, node, (Pod) object);
            case "pods/status" -> podStatus(request, node, (Pod) object);
            case "nodes", "nodes/status" -> node(request, node, (Node) object);
            case "leases.coordination.k8s.io" -> lease(request, node);
            case "csinodes.storage.k8s.io" -> {
                if (!request.name().equals(node)) {
                    throw refused(request, "can only access CSINode with the same name as the requesting node");
                }
            }
            default -> {
                // The authorizer says what else a kubelet may do.
            }
        }
    }

    private static void pod(AdmissionRequest request, String node, Pod pod) {
        switch (request.operation()) {
            case CREATE -> newPod(request, node, pod);
            case DELETE -> {
                if (!((Pod) request.old()).getSpec().getNodeName().equals(node)) {
                    throw refused(
                            request, "node \"" + node + "\" can only delete pods with spec.nodeName set to itself");
                }
            }
            case UPDATE -> throw refused(request, "unexpected operation \"UPDATE\"");
        }
    }

    private static void newPod(AdmissionRequest request, String node, Pod pod) {
        if (!pod.getMetadata().containsAnnotations(MIRROR)) {
            throw refused(
                    request,
                    "pod does not have \"" + MIRROR + "\" annotation, node \"" + node
                            + "\" can only create mirror pods");
        }
        if (!pod.getSpec().getNodeName().equals(node)) {
            throw refused(request, "node \"" + node + "\" can only create pods with spec.nodeName set to itself");
        }
        if (pod.getMetadata().getOwnerReferencesCount() > 1) {
            throw refused(
                    request, "node \"" + node + "\" can only create pods with a single owner reference set to itself");
        }
        for (OwnerReference owner : pod.getMetadata().getOwnerReferencesList()) {
            if (!owner.getKind().equals("Node") || !owner.getName().equals(node) || !owner.getController()) {
                throw refused(
                        request, "node \"" + node + "\" can only create pods with an owner reference set to itself");
            }
        }
        if (!pod.getSpec().getServiceAccountName().isEmpty()) {
            throw refused(request, "node \"" + node + "\" can not create pods that reference a service account");
        }
        boolean secrets = pod.getSpec().getVolumesList().stream()
                .anyMatch(volume -> volume.getVolumeSource().hasSecret()
                        || volume.getVolumeSource().hasConfigMap()
                        || volume.getVolumeSource().hasProjected()
                        || volume.getVolumeSource().hasPersistentVolumeClaim());
        if (secrets) {
            throw refused(request, "node \"" + node + "\" can not create pods that reference API objects");
        }
    }

    private static void podStatus(AdmissionRequest request, String node, Pod pod) {
        Pod old = (Pod) request.old();
        if (!old.getSpec().getNodeName().equals(node)) {
            throw refused(
                    request,
                    "node \"" + node + "\" can only update pod status for pods with spec.nodeName set to itself");
        }
        if (!old.getMetadata().getLabelsMap().equals(pod.getMetadata().getLabelsMap())) {
            throw refused(request, "node \"" + node + "\" cannot update labels through pod status");
        }
    }

    private static void node(AdmissionRequest request, String node, Node object) {
        if (!request.name().equals(node)) {
            throw refused(request, "node \"" + node + "\" is not allowed to modify node \"" + request.name() + "\"");
        }
        if (request.operation() == Operation.DELETE) {
            return;
        }
        Node old = request.old() == null ? Node.getDefaultInstance() : (Node) request.old();
        if (request.operation() == Operation.UPDATE
                && !old.getSpec().getTaintsList().equals(object.getSpec().getTaintsList())) {
            throw refused(request, "node \"" + node + "\" is not allowed to modify taints");
        }
        Set<String> forbidden =
                changed(old.getMetadata().getLabelsMap(), object.getMetadata().getLabelsMap());
        forbidden.removeIf(label -> !isForbidden(label));
        if (!forbidden.isEmpty()) {
            throw refused(
                    request,
                    "is not allowed to " + (request.operation() == Operation.CREATE ? "set" : "modify") + " labels: "
                            + String.join(", ", forbidden));
        }
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> before.containsKey(key)
                && after.containsKey(key)
                && before.get(key).equals(after.get(key)));
        return keys;
    }

    private static boolean isForbidden(String label) {
        int slash = label.indexOf('/');
        String domain = slash < 0 ? "" : label.substring(0, slash);
        if (domain.equals(RESTRICTED) || domain.endsWith("." + RESTRICTED)) {
            return true;
        }
        boolean ours = isBelow(domain, "kubernetes.io") || isBelow(domain, "k8s.io");
        return ours
                && !OWN_LABELS.contains(label)
                && !isBelow(domain, "kubelet.kubernetes.io")
                && !isBelow(domain, "node.kubernetes.io");
    }

    private static boolean isBelow(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith("." + parent);
    }

    private static void lease(AdmissionRequest request, String node) {
        if (!request.namespace().equals(LEASES)) {
            throw refused(request, "can only access leases in the \"" + LEASES + "\" system namespace");
        }
        if (!request.name().equals(node)) {
            throw refused(request, "can only access node lease with the same name as the requesting node");
        }
    }

    /** A kubelet gets tokens only for the pods on its node. */
    public void checkToken(AdmissionRequest request, TokenRequest token) {
        String node = NodeIdentity.of(request.user()).orElse(null);
        if (node == null) {
            return;
        }
        var bound = token.getSpec().getBoundObjectRef();
        if (!bound.getKind().equals("Pod") || bound.getName().isEmpty()) {
            throw refused(request, "node requested token not bound to a pod");
        }
        if (bound.getUID().isEmpty()) {
            throw refused(request, "node requested token with a pod binding without a uid");
        }
        Entry entry = storages.of(Kinds.of(Pod.class)).get(request.namespace() + "/" + bound.getName());
        Pod pod = entry == null ? null : (Pod) entry.object();
        if (pod == null || !entry.uid().equals(bound.getUID())) {
            throw refused(
                    request, "the UID in the bound object reference does not match the UID in record, or no such pod");
        }
        if (!pod.getSpec().getNodeName().equals(node)) {
            throw refused(request, "node requested token bound to a pod scheduled on a different node");
        }
        if (!pod.getSpec().getServiceAccountName().equals(request.name())) {
            throw refused(request, "node requested token for another service account than the pod's");
        }
    }

    private static ApiException refused(AdmissionRequest request, String why) {
        return ApiException.forbidden(request.type().group(), request.type().plural(), request.name(), why);
    }
}
