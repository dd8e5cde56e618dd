package io.jollyboat.apiserver.admission;

import static io.jollyboat.apiserver.admission.NodeRestriction.quoted;

import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** The only pods a kubelet may create: pictures of its static pods, which open nothing of the API to it. */
final class MirrorPods {
    private static final String ANNOTATION = "kubernetes.io/config.mirror";
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);

    private MirrorPods() {}

    static void check(String node, Pod pod, LiveObjects objects, Refusal refusal) {
        if (!pod.getMetadata().containsAnnotations(ANNOTATION)) {
            throw refusal.because("pod does not have " + quoted(ANNOTATION) + " annotation, node " + quoted(node)
                    + " can only create mirror pods");
        }
        if (!pod.getSpec().getNodeName().equals(node)) {
            throw refusal.because("node " + quoted(node) + " can only create pods with spec.nodeName set to itself");
        }
        owner(node, pod, objects, refusal);
        String reference = reference(pod.getSpec());
        if (!reference.isEmpty()) {
            throw refusal.because("node " + quoted(node) + " can not create pods that reference " + reference);
        }
    }

    private static void owner(String node, Pod pod, LiveObjects objects, Refusal refusal) {
        String only = "node " + quoted(node) + " can only create pods with ";
        List<OwnerReference> owners = pod.getMetadata().getOwnerReferencesList();
        if (owners.size() > 1) {
            throw refusal.because(only + "a single owner reference set to itself");
        }
        if (owners.isEmpty()
                || !owners.getFirst().getApiVersion().equals("v1")
                || !owners.getFirst().getKind().equals("Node")
                || !owners.getFirst().getName().equals(node)) {
            throw refusal.because(only + "an owner reference set to itself");
        }
        OwnerReference owner = owners.getFirst();
        if (!owner.getController()) {
            throw refusal.because(only + "a controller owner reference set to itself");
        }
        if (owner.getBlockOwnerDeletion()) {
            throw refusal.because("node " + quoted(node) + " must not set blockOwnerDeletion on an owner reference");
        }
        Node present = objects.get(NODES, ObjectKey.cluster(node));
        if (present == null) {
            throw ApiException.notFound(NODES, node);
        }
        if (!owner.getUid().equals(present.getMetadata().getUid())) {
            throw refusal.because("node " + node + " UID mismatch: expected " + owner.getUid() + " got "
                    + present.getMetadata().getUid());
        }
    }

    /** What of the API the pod refers to, in upstream's words; empty when nothing. */
    private static String reference(PodSpec spec) {
        if (!spec.getServiceAccountName().isEmpty()) {
            return "serviceaccounts";
        }
        if (spec.getImagePullSecretsCount() > 0 || environment(spec, true)) {
            return "secrets";
        }
        if (environment(spec, false)) {
            return "configmaps";
        }
        if (spec.getResourceClaimsCount() > 0) {
            return "resourceclaims";
        }
        return spec.getVolumesList().stream()
                .map(MirrorPods::reference)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean environment(PodSpec spec, boolean secrets) {
        return spec.getContainersList().stream()
                        .anyMatch(one -> refers(one.getEnvFromList(), one.getEnvList(), secrets))
                || spec.getInitContainersList().stream()
                        .anyMatch(one -> refers(one.getEnvFromList(), one.getEnvList(), secrets))
                || spec.getEphemeralContainersList().stream()
                        .map(one -> one.getEphemeralContainerCommon())
                        .anyMatch(one -> refers(one.getEnvFromList(), one.getEnvList(), secrets));
    }

    private static boolean refers(List<EnvFromSource> sources, List<EnvVar> variables, boolean secrets) {
        return sources.stream().anyMatch(source -> secrets ? source.hasSecretRef() : source.hasConfigMapRef())
                || variables.stream()
                        .map(EnvVar::getValueFrom)
                        .anyMatch(from -> secrets ? from.hasSecretKeyRef() : from.hasConfigMapKeyRef());
    }

    private static String reference(Volume volume) {
        VolumeSource source = volume.getVolumeSource();
        if (hasSecretReference(source)) {
            return "secrets";
        }
        if (source.hasConfigMap()) {
            return "configmaps";
        }
        if (source.hasCsi()) {
            return "csidrivers (via CSI volumes)";
        }
        if (source.hasGlusterfs()) {
            return "endpoints (via glusterFS volumes)";
        }
        if (source.hasPersistentVolumeClaim()) {
            return "persistentvolumeclaims";
        }
        if (source.hasEphemeral()) {
            return "persistentvolumeclaims (via ephemeral volumes)";
        }
        return source.getProjected().getSourcesList().stream()
                .map(MirrorPods::reference)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean hasSecretReference(VolumeSource source) {
        return source.hasSecret()
                || source.hasAzureFile()
                || source.getCephfs().hasSecretRef()
                || source.getCinder().hasSecretRef()
                || source.getFlexVolume().hasSecretRef()
                || source.getRbd().hasSecretRef()
                || source.getScaleIO().hasSecretRef()
                || source.getIscsi().hasSecretRef()
                || source.getStorageos().hasSecretRef()
                || source.getCsi().hasNodePublishSecretRef();
    }

    private static String reference(VolumeProjection source) {
        if (source.hasSecret()) {
            return "secrets";
        }
        if (source.hasConfigMap()) {
            return "configmaps";
        }
        if (source.hasServiceAccountToken()) {
            return "serviceaccounts (via projected volumes)";
        }
        if (source.hasClusterTrustBundle()) {
            return "clustertrustbundles";
        }
        return source.hasPodCertificate() ? "podcertificates" : "";
    }
}
