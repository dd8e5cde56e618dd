package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeSpec;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.SigningRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRestrictionTest {
    private static final UserInfo N1 = new UserInfo("system:node:n1", List.of("system:nodes"));

    private final FakeObjects objects = new FakeObjects();
    private final NodeRestriction plugin = new NodeRestriction(objects, attributes -> Decision.NO_OPINION);

    @Test
    void leavesOthersAlone() {
        Node node = node("n2", spec -> spec);
        assertThatCode(() -> plugin.validate(
                        request(
                                new UserInfo("jane", List.of()),
                                Operation.CREATE,
                                Kinds.of(Node.class),
                                "",
                                "",
                                "",
                                null),
                        node))
                .doesNotThrowAnyException();
    }

    @Test
    void aNodeWritesOnlyItself() {
        ResourceType<Node> nodes = Kinds.of(Node.class);
        assertAllowed(Operation.CREATE, nodes, "", "", null, node("n1", spec -> spec));
        assertRefused(
                Operation.CREATE,
                nodes,
                "",
                "",
                null,
                node("n2", spec -> spec),
                "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
        assertRefused(
                Operation.UPDATE,
                nodes,
                "n2",
                "status",
                node("n2", spec -> spec),
                node("n2", spec -> spec),
                "node \"n1\" is not allowed to modify node \"n2\"");
    }

    @Test
    void taintsAndOwnersAreNotTheNodesBusiness() {
        Node tainted = node("n1", spec -> spec.addTaints(Taint.newBuilder().setKey("k")));
        ResourceType<Node> nodes = Kinds.of(Node.class);
        assertRefused(
                Operation.UPDATE,
                nodes,
                "n1",
                "",
                tainted,
                node("n1", spec -> spec),
                "nodes \"n1\" is forbidden: node \"n1\" is not allowed to modify taints");
        assertAllowed(Operation.UPDATE, nodes, "n1", "status", tainted, tainted);
        // A node may be born with taints.
        assertAllowed(Operation.CREATE, nodes, "", "", null, tainted);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com/x, true",
        "plain, true",
        "kubernetes.io/hostname, true",
        "topology.kubernetes.io/zone, true",
        "node.kubernetes.io/anything, true",
        "sub.kubelet.kubernetes.io/anything, true",
        "node-restriction.kubernetes.io/x, false",
        "sub.node-restriction.kubernetes.io/x, false",
        "node-role.kubernetes.io/control-plane, false",
        "kubernetes.io/other, false",
        "anything.k8s.io/x, false",
        "notkubernetes.io/x, true",
    })
    void labels(String label, boolean allowed) {
        Node plain = node("n1", spec -> spec);
        Node labelled = plain.toBuilder()
                .setMetadata(plain.getMetadata().toBuilder().putLabels(label, "v"))
                .build();
        ResourceType<Node> nodes = Kinds.of(Node.class);
        if (allowed) {
            assertAllowed(Operation.CREATE, nodes, "", "", null, labelled);
            assertAllowed(Operation.UPDATE, nodes, "n1", "", plain, labelled);
        } else {
            assertRefused(
                    Operation.CREATE,
                    nodes,
                    "",
                    "",
                    null,
                    labelled,
                    "is not allowed to set the following labels: " + label);
            assertRefused(
                    Operation.UPDATE, nodes, "n1", "", plain, labelled, "is not allowed to modify labels: " + label);
            assertRefused(
                    Operation.UPDATE,
                    nodes,
                    "n1",
                    "status",
                    labelled,
                    plain,
                    "is not allowed to modify labels: " + label);
            assertAllowed(Operation.UPDATE, nodes, "n1", "status", labelled, labelled);
        }
    }

    @Test
    void mirrorPodsOnly() {
        objects.put(node("n1", spec -> spec));
        ResourceType<Pod> pods = Kinds.of(Pod.class);
        Pod mirror = mirror(spec -> spec);
        assertAllowed(Operation.CREATE, pods, "", "", null, mirror);
        assertRefused(
                Operation.CREATE,
                pods,
                "",
                "",
                null,
                mirror.toBuilder()
                        .setMetadata(mirror.getMetadata().toBuilder().clearAnnotations())
                        .build(),
                "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods");
        assertRefused(
                Operation.CREATE,
                pods,
                "",
                "",
                null,
                mirror(spec -> spec.setNodeName("n2")),
                "node \"n1\" can only create pods with spec.nodeName set to itself");
        assertRefused(
                Operation.CREATE,
                pods,
                "",
                "",
                null,
                mirror(spec -> spec.setServiceAccountName("admin")),
                "node \"n1\" can not create pods that reference serviceaccounts");
        Pod.Builder foreign = mirror.toBuilder();
        foreign.getMetadataBuilder().getOwnerReferencesBuilder(0).setUid("other");
        assertRefused(
                Operation.CREATE,
                pods,
                "",
                "",
                null,
                foreign.build(),
                "node n1 UID mismatch: expected other got uid-n1");
    }

    @Test
    void onlyOwnPodsAreDeletedAndReported() {
        ResourceType<Pod> pods = Kinds.of(Pod.class);
        Pod own = pod("n1");
        Pod other = pod("n2");
        assertAllowed(Operation.DELETE, pods, "p", "", own, null);
        assertRefused(
                Operation.DELETE,
                pods,
                "p",
                "",
                other,
                null,
                "pods \"p\" is forbidden: node \"n1\" can only delete pods with spec.nodeName set to itself");
        assertAllowed(Operation.UPDATE, pods, "p", "status", own, own);
        assertRefused(
                Operation.UPDATE,
                pods,
                "p",
                "status",
                other,
                other,
                "node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
        Pod relabelled = own.toBuilder()
                .setMetadata(own.getMetadata().toBuilder().putLabels("a", "b"))
                .build();
        assertRefused(
                Operation.UPDATE, pods, "p", "status", own, relabelled, "cannot update labels through pod status");
        assertRefused(Operation.UPDATE, pods, "p", "", own, own, "can only create and delete mirror pods");
        assertRefused(
                Operation.UPDATE,
                pods,
                "p",
                "ephemeralcontainers",
                own,
                own,
                "unexpected pod subresource \"ephemeralcontainers\"");
    }

    @Test
    void tokensForOwnPodsOnly() {
        objects.put(pod("n1"));
        ResourceType<ServiceAccount> accounts = Kinds.of(ServiceAccount.class);
        assertRefused(
                Operation.CREATE,
                accounts,
                "robot",
                "token",
                null,
                TokenRequest.getDefaultInstance(),
                "node requested token not bound to a pod");
        assertRefused(
                Operation.CREATE,
                accounts,
                "robot",
                "token",
                null,
                token("", ""),
                "node requested token with a pod binding without a uid");
        assertRefused(
                Operation.CREATE,
                accounts,
                "robot",
                "token",
                null,
                token("zz", ""),
                "the UID in the bound object reference (zz)");
        assertRefused(
                Operation.CREATE,
                accounts,
                "robot",
                "token",
                null,
                token("uid-p", "vault"),
                "audience \"vault\" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience");
        assertAllowed(Operation.CREATE, accounts, "robot", "token", null, token("uid-p", "used"));
        objects.put(pod("n2"));
        assertRefused(
                Operation.CREATE,
                accounts,
                "robot",
                "token",
                null,
                token("uid-p", "used"),
                "node requested token bound to a pod scheduled on a different node");
    }

    @Test
    void ownLeaseAndOwnCertificate() {
        ResourceType<Lease> leases = Kinds.of(Lease.class);
        Lease lease = Lease.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("n2"))
                .build();
        assertThatThrownBy(() ->
                        plugin.validate(request(N1, Operation.CREATE, leases, "kube-node-lease", "", "", null), lease))
                .hasMessageContaining("can only access node lease with the same name as the requesting node");
        assertThatThrownBy(() -> plugin.validate(request(N1, Operation.CREATE, leases, "default", "", "", null), lease))
                .hasMessageContaining("can only access leases in the \"kube-node-lease\" system namespace");
        ResourceType<CertificateSigningRequest> requests = Kinds.of(CertificateSigningRequest.class);
        assertAllowed(Operation.CREATE, requests, "", "", null, signing("system:node:n1"));
        assertRefused(
                Operation.CREATE,
                requests,
                "",
                "",
                null,
                signing("system:node:n2"),
                "can only create a node CSR with CN=system:node:n1");
    }

    private void assertAllowed(
            Operation operation, ResourceType<?> type, String name, String subresource, Message old, Message object) {
        assertThatCode(() -> plugin.validate(request(N1, operation, type, "ns", name, subresource, old), object))
                .doesNotThrowAnyException();
    }

    private void assertRefused(
            Operation operation,
            ResourceType<?> type,
            String name,
            String subresource,
            Message old,
            Message object,
            String text) {
        assertThatThrownBy(() -> plugin.validate(request(N1, operation, type, "ns", name, subresource, old), object))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
                .hasMessageContaining(text);
    }

    private static AdmissionRequest request(
            UserInfo user,
            Operation operation,
            ResourceType<?> type,
            String namespace,
            String name,
            String subresource,
            Message old) {
        return new AdmissionRequest(operation, user, type, namespace, name, subresource, old, false, new ArrayList<>());
    }

    private static Node node(String name, UnaryOperator<NodeSpec.Builder> spec) {
        return Node.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name).setUid("uid-" + name))
                .setSpec(spec.apply(NodeSpec.newBuilder()))
                .build();
    }

    private static Pod mirror(UnaryOperator<PodSpec.Builder> spec) {
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("static-n1")
                        .putAnnotations("kubernetes.io/config.mirror", "hash")
                        .addOwnerReferences(OwnerReference.newBuilder()
                                .setApiVersion("v1")
                                .setKind("Node")
                                .setName("n1")
                                .setUid("uid-n1")
                                .setController(true)))
                .setSpec(spec.apply(PodSpec.newBuilder().setNodeName("n1")))
                .build();
    }

    private static Pod pod(String node) {
        PodSpec.Builder spec = PodSpec.newBuilder().setNodeName(node).setServiceAccountName("robot");
        spec.addVolumesBuilder()
                .getVolumeSourceBuilder()
                .getProjectedBuilder()
                .addSourcesBuilder()
                .getServiceAccountTokenBuilder()
                .setAudience("used");
        return Pod.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setNamespace("ns").setName("p").setUid("uid-p"))
                .setSpec(spec)
                .build();
    }

    private static TokenRequest token(String podUid, String audience) {
        BoundObjectReference.Builder bound = BoundObjectReference.newBuilder()
                .setApiVersion("v1")
                .setKind("Pod")
                .setName("p");
        TokenRequestSpec.Builder spec =
                TokenRequestSpec.newBuilder().setBoundObjectRef(podUid.isEmpty() ? bound : bound.setUID(podUid));
        if (!audience.isEmpty()) {
            spec.addAudiences(audience);
        }
        return TokenRequest.newBuilder().setSpec(spec).build();
    }

    private static CertificateSigningRequest signing(String commonName) {
        byte[] request = SigningRequests.create(
                CertificateRequest.client(commonName, "system:nodes"), CertificateAuthority.newKeyPair());
        return CertificateSigningRequest.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setGenerateName("csr-"))
                .setSpec(CertificateSigningRequestSpec.newBuilder()
                        .setSignerName(SigningRequests.KUBELET_CLIENT)
                        .setRequest(ByteString.copyFrom(request)))
                .build();
    }
}
