package io.jollyboat.apiserver.authz;

import io.jollyboat.api.core.v1.CSIPersistentVolumeSource;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeSource;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodResourceClaim;
import io.jollyboat.api.core.v1.PodResourceClaimStatus;
import io.jollyboat.api.core.v1.SecretReference;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.apiserver.authz.NodeGraph.Kind;
import io.jollyboat.apiserver.authz.NodeGraph.Vertex;
import io.jollyboat.references.PodSecrets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pod, and a volume, refer to and a kubelet therefore must read. */
final class PodReferences {
    static final String MIRROR_POD = "kubernetes.io/config.mirror";

    private final String namespace;
    private final Set<Vertex> found;

    private PodReferences(String namespace, Set<Vertex> found) {
        this.namespace = namespace;
        this.found = found;
    }

    /** Adds what the pod refers to. */
    static void of(Pod pod, Set<Vertex> found) {
        PodReferences references = new PodReferences(pod.getMetadata().getNamespace(), found);
        var spec = pod.getSpec();
        references.add(Kind.SERVICE_ACCOUNT, spec.getServiceAccountName());
        PodSecrets.visit(pod, name -> references.add(Kind.SECRET, name));
        spec.getInitContainersList()
                .forEach(container -> references.environment(container.getEnvFromList(), container.getEnvList()));
        spec.getContainersList()
                .forEach(container -> references.environment(container.getEnvFromList(), container.getEnvList()));
        spec.getEphemeralContainersList()
                .forEach(container -> references.environment(
                        container.getEphemeralContainerCommon().getEnvFromList(),
                        container.getEphemeralContainerCommon().getEnvList()));
        spec.getVolumesList().forEach(volume -> references.volume(pod, volume));
        references.resourceClaims(pod);
    }

    private void environment(List<EnvFromSource> sources, List<EnvVar> variables) {
        for (EnvFromSource source : sources) {
            add(
                    Kind.CONFIG_MAP,
                    source.getConfigMapRef().getLocalObjectReference().getName());
        }
        for (EnvVar variable : variables) {
            add(
                    Kind.CONFIG_MAP,
                    variable.getValueFrom()
                            .getConfigMapKeyRef()
                            .getLocalObjectReference()
                            .getName());
        }
    }

    private void volume(Pod pod, Volume volume) {
        VolumeSource source = volume.getVolumeSource();
        add(Kind.CONFIG_MAP, source.getConfigMap().getLocalObjectReference().getName());
        add(Kind.CLAIM, source.getPersistentVolumeClaim().getClaimName());
        if (source.hasEphemeral()) {
            add(Kind.CLAIM, pod.getMetadata().getName() + "-" + volume.getName());
        }
        for (VolumeProjection projection : source.getProjected().getSourcesList()) {
            add(
                    Kind.CONFIG_MAP,
                    projection.getConfigMap().getLocalObjectReference().getName());
        }
    }

    private void resourceClaims(Pod pod) {
        for (PodResourceClaim claim : pod.getSpec().getResourceClaimsList()) {
            add(Kind.RESOURCE_CLAIM, claim.getResourceClaimName());
        }
        for (PodResourceClaimStatus status : pod.getStatus().getResourceClaimStatusesList()) {
            add(Kind.RESOURCE_CLAIM, status.getResourceClaimName());
        }
        add(
                Kind.RESOURCE_CLAIM,
                pod.getStatus().getExtendedResourceClaimStatus().getResourceClaimName());
    }

    private void add(Kind kind, String name) {
        if (!name.isEmpty()) {
            found.add(new Vertex(kind, namespace, name));
        }
    }

    /** The secrets that a kubelet needs to mount the volume. */
    static Set<Vertex> secretsOf(PersistentVolume volume) {
        PersistentVolumeSource source = volume.getSpec().getPersistentVolumeSource();
        PodReferences references =
                new PodReferences(volume.getSpec().getClaimRef().getNamespace(), new HashSet<>());
        references.secretIn(
                source.getAzureFile().getSecretNamespace(),
                source.getAzureFile().getSecretName());
        references.secret(source.getCephfs().getSecretRef());
        references.secret(source.getCinder().getSecretRef());
        references.secret(source.getFlexVolume().getSecretRef());
        references.secret(source.getRbd().getSecretRef());
        references.secret(source.getScaleIO().getSecretRef());
        references.secret(source.getIscsi().getSecretRef());
        references.secretIn(
                source.getStorageos().getSecretRef().getNamespace(),
                source.getStorageos().getSecretRef().getName());
        CSIPersistentVolumeSource csi = source.getCsi();
        references.secret(csi.getNodePublishSecretRef());
        references.secret(csi.getNodeStageSecretRef());
        references.secret(csi.getNodeExpandSecretRef());
        return references.found;
    }

    private void secret(SecretReference reference) {
        secretIn(reference.getNamespace(), reference.getName());
    }

    // Without a namespace it is the claim's.
    private void secretIn(String secretNamespace, String name) {
        if (!name.isEmpty()) {
            found.add(new Vertex(Kind.SECRET, secretNamespace.isEmpty() ? namespace : secretNamespace, name));
        }
    }
}
