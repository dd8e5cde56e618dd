package io.jollyboat.apiserver.admission;

import static io.jollyboat.apiserver.admission.NodeRestriction.quoted;

import io.jollyboat.api.core.v1.Node;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a kubelet may not say about its node, because it would draw pods to it. */
final class NodeChanges {
    private static final String RESTRICTED = "node-restriction.kubernetes.io";

    private static final Set<String> KUBELET_LABELS = Set.of(
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "kubernetes.io/os",
            "kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/arch");
    private static final Set<String> KUBELET_NAMESPACES = Set.of("kubelet.kubernetes.io", "node.kubernetes.io");

    private NodeChanges() {}

    static void checkCreated(String node, Node created, Refusal refusal) {
        if (created.getSpec().hasConfigSource()) {
            throw refusal.because(
                    "node " + quoted(node) + " is not allowed to create pods with a non-nil configSource");
        }
        Set<String> forbidden = forbidden(Map.of(), created.getMetadata().getLabelsMap());
        if (!forbidden.isEmpty()) {
            throw refusal.because("node " + quoted(node) + " is not allowed to set the following labels: "
                    + String.join(", ", forbidden));
        }
    }

    static void checkUpdated(String node, Node old, Node updated, Refusal refusal) {
        if (updated.getSpec().hasConfigSource()
                && !updated.getSpec().getConfigSource().equals(old.getSpec().getConfigSource())) {
            throw refusal.because(
                    "node " + quoted(node) + " is not allowed to update configSource to a new non-nil configSource");
        }
        if (!updated.getSpec().getTaintsList().equals(old.getSpec().getTaintsList())) {
            throw refusal.because("node " + quoted(node) + " is not allowed to modify taints");
        }
        if (!updated.getMetadata()
                .getOwnerReferencesList()
                .equals(old.getMetadata().getOwnerReferencesList())) {
            throw refusal.because("node " + quoted(node) + " is not allowed to modify ownerReferences");
        }
        Set<String> forbidden = forbidden(
                old.getMetadata().getLabelsMap(), updated.getMetadata().getLabelsMap());
        if (!forbidden.isEmpty()) {
            throw refusal.because("is not allowed to modify labels: " + String.join(", ", forbidden));
        }
    }

    /** Labels that differ and that are not for kubelets to set. */
    private static Set<String> forbidden(Map<String, String> before, Map<String, String> after) {
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(key -> java.util.Objects.equals(before.get(key), after.get(key)));
        changed.removeIf(key -> !isReserved(key));
        return changed;
    }

    private static boolean isReserved(String label) {
        String namespace = label.contains("/") ? label.substring(0, label.indexOf('/')) : "";
        if (isOrBelow(namespace, RESTRICTED)) {
            return true;
        }
        boolean kubernetes = isOrBelow(namespace, "kubernetes.io") || isOrBelow(namespace, "k8s.io");
        return kubernetes
                && !KUBELET_LABELS.contains(label)
                && KUBELET_NAMESPACES.stream().noneMatch(allowed -> isOrBelow(namespace, allowed));
    }

    private static boolean isOrBelow(String namespace, String domain) {
        return namespace.equals(domain) || namespace.endsWith("." + domain);
    }
}
