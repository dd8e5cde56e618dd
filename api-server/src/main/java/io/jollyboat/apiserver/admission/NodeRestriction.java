package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.resource.v1.ResourceSlice;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.NodeIdentity;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.SigningRequests;
import java.util.Optional;

/**
 * Keeps kubelets to their own node, where only the body tells: their Node without a say in taints and reserved labels,
 * mirror pods and statuses of their own pods, tokens for these pods, their own Lease, CSINode and certificate.
 */
public final class NodeRestriction implements AdmissionPlugin {
    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final LiveObjects objects;
    private final Authorizer authorizer;

    public NodeRestriction(LiveObjects objects, Authorizer authorizer) {
        this.objects = objects;
        this.authorizer = authorizer;
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
        Refusal refusal = new Refusal(request, object);
        if (node.isEmpty()) {
            throw refusal.because("could not determine node from user "
                    + quoted(request.user().name()));
        }
        switch (request.type().qualifiedResource()) {
            case "pods" -> pod(node, request, object, refusal);
            case "nodes" -> node(node, request, object, refusal);
            case "persistentvolumeclaims" -> claim(node, request, object, refusal);
            case "serviceaccounts" -> token(node, request, object, refusal);
            case "leases.coordination.k8s.io" -> lease(node, request, object, refusal);
            case "csinodes.storage.k8s.io" -> ownName(node, request, object, refusal, "CSINode");
            case "resourceslices.resource.k8s.io" -> slice(node, request, object, refusal);
            case "certificatesigningrequests.certificates.k8s.io" -> signing(node, request, object, refusal);
            default -> {
                // The node authorizer has said all there is to say.
            }
        }
    }

    private void pod(String node, AdmissionRequest request, Message object, Refusal refusal) {
        switch (request.subresource()) {
            case "" -> {
                switch (request.operation()) {
                    case CREATE -> MirrorPods.check(node, (Pod) object, objects, refusal);
                    case DELETE ->
                        requireOwn(
                                node,
                                (Pod) request.old(),
                                refusal,
                                "node " + quoted(node) + " can only delete pods with spec.nodeName set to itself");
                    case UPDATE, CONNECT ->
                        throw refusal.because("unexpected operation "
                                + quoted(request.operation().name()) + ", node " + quoted(node)
                                + " can only create and delete mirror pods");
                }
            }
            case "status" -> podStatus(node, request, object, refusal);
            case "eviction" ->
                requireOwn(
                        node,
                        podOf(request, request.name()),
                        refusal,
                        "node " + node + " can only evict pods with spec.nodeName set to itself");
            default ->
                throw refusal.because("unexpected pod subresource " + quoted(request.subresource())
                        + ", only 'status' and 'eviction' are allowed");
        }
    }

    private Pod podOf(AdmissionRequest request, String name) {
        Pod pod = objects.get(PODS, ObjectKey.of(request.namespace(), name));
        if (pod == null) {
            throw io.jollyboat.errors.ApiException.notFound(PODS, name);
        }
        return pod;
    }

    private static void requireOwn(String node, Pod pod, Refusal refusal, String otherwise) {
        if (!pod.getSpec().getNodeName().equals(node)) {
            throw refusal.because(otherwise);
        }
    }

    private static void podStatus(String node, AdmissionRequest request, Message object, Refusal refusal) {
        if (request.operation() != Operation.UPDATE) {
            throw refusal.because(
                    "unexpected operation " + quoted(request.operation().name()));
        }
        Pod old = (Pod) request.old();
        Pod pod = (Pod) object;
        requireOwn(
                node,
                old,
                refusal,
                "node " + quoted(node) + " can only update pod status for pods with spec.nodeName set to itself");
        if (!old.getMetadata().getLabelsMap().equals(pod.getMetadata().getLabelsMap())) {
            throw refusal.because("node " + quoted(node) + " cannot update labels through pod status");
        }
        if (!old.getStatus()
                .getResourceClaimStatusesList()
                .equals(pod.getStatus().getResourceClaimStatusesList())) {
            throw refusal.because("node " + quoted(node) + " cannot update resource claim statues");
        }
        if (!old.getStatus()
                .getExtendedResourceClaimStatus()
                .equals(pod.getStatus().getExtendedResourceClaimStatus())) {
            throw refusal.because("node " + quoted(node) + " cannot update extended resource claim status");
        }
    }

    private static void node(String node, AdmissionRequest request, Message object, Refusal refusal) {
        String name = request.name().isEmpty() && object instanceof Node created
                ? created.getMetadata().getName()
                : request.name();
        if (!name.equals(node)) {
            throw refusal.because("node " + quoted(node) + " is not allowed to modify node " + quoted(name));
        }
        switch (request.operation()) {
            case CREATE -> NodeChanges.checkCreated(node, (Node) object, refusal);
            case UPDATE -> NodeChanges.checkUpdated(node, (Node) request.old(), (Node) object, refusal);
            case DELETE, CONNECT -> {
                // The node authorizer allows no deletion of nodes.
            }
        }
    }

    private static void claim(String node, AdmissionRequest request, Message object, Refusal refusal) {
        if (!request.subresource().equals("status")) {
            throw refusal.because("may only update PVC status");
        }
        if (request.operation() != Operation.UPDATE) {
            throw refusal.because(
                    "unexpected operation " + quoted(request.operation().name()));
        }
        if (!frame((PersistentVolumeClaim) request.old()).equals(frame((PersistentVolumeClaim) object))) {
            throw refusal.because("node " + quoted(node)
                    + " is not allowed to update fields other than status.quantity and status.conditions");
        }
    }

    // All but what a kubelet reports of a claim.
    private static PersistentVolumeClaim frame(PersistentVolumeClaim claim) {
        PersistentVolumeClaim.Builder frame = claim.toBuilder();
        frame.getMetadataBuilder().clearResourceVersion().clearManagedFields();
        frame.getStatusBuilder()
                .clearCapacity()
                .clearConditions()
                .clearAllocatedResources()
                .clearAllocatedResourceStatuses();
        return frame.build();
    }

    private void token(String node, AdmissionRequest request, Message object, Refusal refusal) {
        if (request.operation() != Operation.CREATE || !(object instanceof TokenRequest wanted)) {
            return;
        }
        BoundObjectReference bound = wanted.getSpec().getBoundObjectRef();
        if (!bound.getApiVersion().equals("v1")
                || !bound.getKind().equals("Pod")
                || bound.getName().isEmpty()) {
            throw refusal.because("node requested token not bound to a pod");
        }
        if (bound.getUID().isEmpty()) {
            throw refusal.because("node requested token with a pod binding without a uid");
        }
        Pod pod = podOf(request, bound.getName());
        if (!pod.getMetadata().getUid().equals(bound.getUID())) {
            throw refusal.because("the UID in the bound object reference (" + bound.getUID()
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        requireOwn(node, pod, refusal, "node requested token bound to a pod scheduled on a different node");
        audience(request, wanted, pod, refusal);
    }

    // Pods may lend their node only the audiences that they use themselves.
    private void audience(AdmissionRequest request, TokenRequest wanted, Pod pod, Refusal refusal) {
        if (wanted.getSpec().getAudiencesCount() > 1) {
            throw refusal.because("node may only request 0 or 1 audiences");
        }
        String audience = wanted.getSpec().getAudiencesCount() == 0
                ? ""
                : wanted.getSpec().getAudiences(0);
        if (mounts(pod, audience)) {
            return;
        }
        Authorizer.Decision decision = authorizer.authorize(new RequestAttributes(
                request.user(),
                "request-serviceaccounts-token-audience",
                true,
                "",
                "v1",
                audience,
                "",
                request.namespace(),
                request.name(),
                "",
                "",
                ""));
        if (decision.verdict() != Authorizer.Verdict.ALLOW) {
            throw refusal.because("audience " + quoted(audience) + " not found in pod spec volume, "
                    + request.user().name() + " is not authorized to request tokens for this audience");
        }
    }

    private static boolean mounts(Pod pod, String audience) {
        for (Volume volume : pod.getSpec().getVolumesList()) {
            for (VolumeProjection source :
                    volume.getVolumeSource().getProjected().getSourcesList()) {
                if (source.hasServiceAccountToken()
                        && source.getServiceAccountToken().getAudience().equals(audience)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void lease(String node, AdmissionRequest request, Message object, Refusal refusal) {
        if (!request.namespace().equals(LEASE_NAMESPACE)) {
            throw refusal.because("can only access leases in the " + quoted(LEASE_NAMESPACE) + " system namespace");
        }
        ownName(node, request, object, refusal, "node lease");
    }

    private static void ownName(String node, AdmissionRequest request, Message object, Refusal refusal, String what) {
        String name = request.operation() == Operation.CREATE
                ? request.type().meta(object).getName()
                : request.name();
        if (!name.equals(node)) {
            throw refusal.because("can only access " + what + " with the same name as the requesting node");
        }
    }

    private static void slice(String node, AdmissionRequest request, Message object, Refusal refusal) {
        switch (request.operation()) {
            case CREATE -> {
                if (!((ResourceSlice) object).getSpec().getNodeName().equals(node)) {
                    throw refusal.because(
                            "can only create ResourceSlice with the same NodeName as the requesting node");
                }
            }
            case DELETE -> {
                if (!((ResourceSlice) request.old()).getSpec().getNodeName().equals(node)) {
                    throw refusal.because(
                            "can only delete ResourceSlice with the same NodeName as the requesting node");
                }
            }
            case UPDATE, CONNECT -> {
                // The node's name cannot change, and the authorizer looked at it.
            }
        }
    }

    private static void signing(String node, AdmissionRequest request, Message object, Refusal refusal) {
        if (request.operation() != Operation.CREATE
                || !(object instanceof CertificateSigningRequest wanted)
                || !SigningRequests.isForNodes(wanted.getSpec().getSignerName())) {
            return;
        }
        String commonName;
        try {
            commonName = SigningRequests.parse(wanted.getSpec().getRequest().toByteArray())
                    .commonName();
        } catch (io.jollyboat.tls.TlsException e) {
            throw refusal.because("unable to parse csr: " + e.getMessage());
        }
        if (!commonName.equals("system:node:" + node)) {
            throw refusal.because("can only create a node CSR with CN=system:node:" + node);
        }
    }

    static String quoted(String value) {
        return "\"" + value + "\"";
    }
}
