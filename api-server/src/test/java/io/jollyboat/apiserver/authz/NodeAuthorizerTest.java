package io.jollyboat.apiserver.authz;

import static io.jollyboat.apiserver.authz.Rbac.on;
import static io.jollyboat.apiserver.authz.Rbac.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.CSIPersistentVolumeSource;
import io.jollyboat.api.core.v1.ConfigMapEnvSource;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaimVolumeSource;
import io.jollyboat.api.core.v1.PersistentVolumeSource;
import io.jollyboat.api.core.v1.PersistentVolumeSpec;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.SecretKeySelector;
import io.jollyboat.api.core.v1.SecretReference;
import io.jollyboat.api.core.v1.SecretVolumeSource;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.bootstrap.BootstrapObjects;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAuthorizerTest {
    private static final UserInfo N1 = person("system:node:n1", "system:nodes", "system:authenticated");
    private static final UserInfo N2 = person("system:node:n2", "system:nodes", "system:authenticated");

    private final FakeObjects objects = new FakeObjects();
    private final Authorizers authorizers = Authorizers.build(objects, BootstrapObjects.nodeRules());

    @Test
    void readsWhatItsPodsReferToAndNothingElse() {
        objects.put(pod("p", "n1"));
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isTrue();
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-env"))).isTrue();
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-pull"))).isTrue();
        assertThat(allows(on(N1, "watch", "secrets", "ns", "by-pull"))).isTrue();
        assertThat(allows(on(N1, "get", "configmaps", "ns", "by-envfrom"))).isTrue();
        assertThat(allows(on(N1, "get", "persistentvolumeclaims", "ns", "data")))
                .isTrue();
        assertThat(allows(on(N1, "get", "secrets", "other", "by-volume"))).isFalse();
        assertThat(allows(on(N1, "get", "secrets", "ns", "another"))).isFalse();
        assertThat(allows(on(N1, "list", "secrets", "ns", ""))).isFalse();
        assertThat(allows(on(N1, "update", "secrets", "ns", "by-volume"))).isFalse();
        assertThat(allows(on(N2, "get", "secrets", "ns", "by-volume"))).isFalse();
        assertThat(reason(on(N2, "get", "secrets", "ns", "by-volume")))
                .isEqualTo("no relationship found between node 'n2' and this object");
    }

    @Test
    void unscheduledPodsOpenNothing() {
        objects.put(pod("p", ""));
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isFalse();
    }

    @Test
    void mirrorPodsOpenNothing() {
        Pod pod = pod("p", "n1");
        objects.put(pod.toBuilder()
                .setMetadata(pod.getMetadata().toBuilder().putAnnotations("kubernetes.io/config.mirror", "x"))
                .build());
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isFalse();
        assertThat(allows(on(N1, "get", "pods", "ns", "p"))).isTrue();
    }

    @Test
    void accessEndsWithTheLastPod() {
        objects.put(pod("p", "n1"));
        objects.put(pod("q", "n1"));
        objects.put(pod("r", "n2"));
        objects.remove(Kinds.of(Pod.class), ObjectKey.of("ns", "p"));
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isTrue();
        objects.remove(Kinds.of(Pod.class), ObjectKey.of("ns", "q"));
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isFalse();
        assertThat(allows(on(N2, "get", "secrets", "ns", "by-volume"))).isTrue();
    }

    @Test
    void aPodOfTheSameNameOnAnotherNodeMovesTheAccess() {
        objects.put(pod("p", "n1"));
        objects.put(pod("p", "n2"));
        assertThat(allows(on(N1, "get", "secrets", "ns", "by-volume"))).isFalse();
        assertThat(allows(on(N2, "get", "secrets", "ns", "by-volume"))).isTrue();
    }

    @Test
    void followsClaimsToVolumesAndTheirSecrets() {
        objects.put(volume());
        assertThat(allows(on(N1, "get", "persistentvolumes", "", "v"))).isFalse();
        objects.put(pod("p", "n1"));
        assertThat(allows(on(N1, "get", "persistentvolumes", "", "v"))).isTrue();
        assertThat(allows(on(N1, "get", "secrets", "vault", "stage"))).isTrue();
        assertThat(allows(on(N1, "get", "secrets", "vault", "controller"))).isFalse();
        assertThat(allows(on(N2, "get", "secrets", "vault", "stage"))).isFalse();
        objects.remove(Kinds.of(PersistentVolume.class), ObjectKey.cluster("v"));
        assertThat(allows(on(N1, "get", "secrets", "vault", "stage"))).isFalse();
    }

    @Test
    void makesTokensForItsPodsAccountsOnly() {
        objects.put(pod("p", "n1"));
        assertThat(allows(on(N1, "create", "serviceaccounts/token", "ns", "robot")))
                .isTrue();
        assertThat(allows(on(N1, "get", "serviceaccounts", "ns", "robot"))).isTrue();
        assertThat(allows(on(N1, "create", "serviceaccounts/token", "ns", "admin")))
                .isFalse();
        assertThat(allows(on(N2, "create", "serviceaccounts/token", "ns", "robot")))
                .isFalse();
        assertThat(allows(on(N1, "create", "serviceaccounts", "ns", "robot"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // verb, resource, namespace, name, field selector, allowed
        "get, nodes, '', n1, '', true",
        "get, nodes, '', n2, '', false",
        "list, nodes, '', '', '', false",
        "create, nodes, '', '', '', true",
        "patch, nodes/status, '', n1, '', true",
        "delete, nodes, '', n1, '', false",
        "get, leases.coordination.k8s.io, kube-node-lease, n1, '', true",
        "update, leases.coordination.k8s.io, kube-node-lease, n2, '', false",
        "create, leases.coordination.k8s.io, kube-node-lease, '', '', true",
        "get, leases.coordination.k8s.io, kube-system, n1, '', false",
        "list, leases.coordination.k8s.io, kube-node-lease, '', '', false",
        "update, csinodes.storage.k8s.io, '', n1, '', true",
        "update, csinodes.storage.k8s.io, '', n2, '', false",
        "list, pods, '', '', '', false",
        "list, pods, '', '', spec.nodeName=n1, true",
        "watch, pods, '', '', spec.nodeName=n1, true",
        "list, pods, '', '', spec.nodeName=n2, false",
        "list, pods, '', '', spec.nodeName!=n1, false",
        "list, pods, '', '', 'spec.nodeName=n1,status.phase!=Failed', true",
        "get, pods, ns, p, '', true",
        "get, pods, ns, unknown, '', false",
        "patch, pods/status, ns, p, '', true",
        "update, pods, ns, p, '', false",
        "create, pods/eviction, ns, p, '', true",
        "create, pods/exec, ns, p, '', false",
        "create, events, ns, '', '', true",
        "list, services, '', '', '', true",
        "list, secrets, '', '', '', false",
        "create, subjectaccessreviews.authorization.k8s.io, '', '', '', true",
        "create, certificatesigningrequests.certificates.k8s.io, '', '', '', true",
        "list, deployments.apps, '', '', '', false",
    })
    void nodesMay(String verb, String resource, String namespace, String name, String fields, boolean allowed) {
        objects.put(pod("p", "n1"));
        assertThat(allows(on(N1, verb, resource, namespace, name, fields))).isEqualTo(allowed);
    }

    @Test
    void onlyMembersOfTheGroupAreNodes() {
        objects.put(pod("p", "n1"));
        assertThat(allows(on(person("system:node:n1"), "get", "secrets", "ns", "by-volume")))
                .isFalse();
        assertThat(allows(on(person("n1", "system:nodes"), "get", "secrets", "ns", "by-volume")))
                .isFalse();
        assertThat(reason(on(person("system:node:", "system:nodes"), "get", "secrets", "ns", "x")))
                .isEqualTo("unknown node for user \"system:node:\"");
    }

    private static Pod pod(String name, String node) {
        PodSpec.Builder spec = PodSpec.newBuilder()
                .setServiceAccountName("robot")
                .addImagePullSecrets(named("by-pull"))
                .addContainers(Container.newBuilder()
                        .addEnv(EnvVar.newBuilder()
                                .setValueFrom(EnvVarSource.newBuilder()
                                        .setSecretKeyRef(SecretKeySelector.newBuilder()
                                                .setLocalObjectReference(named("by-env")))))
                        .addEnvFrom(EnvFromSource.newBuilder()
                                .setConfigMapRef(
                                        ConfigMapEnvSource.newBuilder().setLocalObjectReference(named("by-envfrom")))))
                .addVolumes(Volume.newBuilder()
                        .setName("s")
                        .setVolumeSource(VolumeSource.newBuilder()
                                .setSecret(SecretVolumeSource.newBuilder().setSecretName("by-volume"))))
                .addVolumes(Volume.newBuilder()
                        .setName("d")
                        .setVolumeSource(VolumeSource.newBuilder()
                                .setPersistentVolumeClaim(PersistentVolumeClaimVolumeSource.newBuilder()
                                        .setClaimName("data"))));
        if (!node.isEmpty()) {
            spec.setNodeName(node);
        }
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("ns").setName(name))
                .setSpec(spec)
                .build();
    }

    private static LocalObjectReference named(String name) {
        return LocalObjectReference.newBuilder().setName(name).build();
    }

    private static PersistentVolume volume() {
        return PersistentVolume.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("v"))
                .setSpec(PersistentVolumeSpec.newBuilder()
                        .setClaimRef(
                                ObjectReference.newBuilder().setNamespace("ns").setName("data"))
                        .setPersistentVolumeSource(PersistentVolumeSource.newBuilder()
                                .setCsi(CSIPersistentVolumeSource.newBuilder()
                                        .setNodeStageSecretRef(secret("stage"))
                                        .setControllerPublishSecretRef(secret("controller")))))
                .build();
    }

    private static SecretReference secret(String name) {
        return SecretReference.newBuilder().setNamespace("vault").setName(name).build();
    }

    private boolean allows(RequestAttributes attributes) {
        return authorizers.authorize(attributes).verdict() == Verdict.ALLOW;
    }

    private String reason(RequestAttributes attributes) {
        Decision decision = authorizers.authorize(attributes);
        assertThat(decision.verdict()).isEqualTo(Verdict.NO_OPINION);
        return decision.reason();
    }
}
