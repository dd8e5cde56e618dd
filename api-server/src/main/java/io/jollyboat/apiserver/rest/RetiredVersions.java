package io.jollyboat.apiserver.rest;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Versions of kinds that are served no more, or not here, and that upstream still knows when it reads an object. */
final class RetiredVersions {
    private static final Set<String> KNOWN = new HashSet<>();

    static {
        String policies = "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy "
                + "MutatingAdmissionPolicyBinding";
        String workloads = "Deployment StatefulSet ControllerRevision";
        String roles = "Role RoleBinding ClusterRole ClusterRoleBinding";
        String devices = "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice";
        String priorities = "FlowSchema PriorityLevelConfiguration";
        add("admissionregistration.k8s.io/v1alpha1", policies);
        add(
                "admissionregistration.k8s.io/v1beta1",
                policies + " ValidatingWebhookConfiguration MutatingWebhookConfiguration");
        add("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition");
        add("apiregistration.k8s.io/v1beta1", "APIService");
        add("apps/v1beta1", workloads);
        add("apps/v1beta2", workloads + " DaemonSet ReplicaSet");
        add("authentication.k8s.io/v1alpha1", "SelfSubjectReview");
        add("authentication.k8s.io/v1beta1", "TokenReview SelfSubjectReview");
        add(
                "authorization.k8s.io/v1beta1",
                "SubjectAccessReview LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview");
        add("batch/v1beta1", "CronJob");
        add("certificates.k8s.io/v1beta1", "CertificateSigningRequest");
        add("coordination.k8s.io/v1beta1", "Lease");
        add("discovery.k8s.io/v1beta1", "EndpointSlice");
        add("events.k8s.io/v1beta1", "Event");
        add("extensions/v1beta1", "Deployment DaemonSet ReplicaSet Ingress NetworkPolicy");
        for (String version : new String[] {"v1beta1", "v1beta2", "v1beta3"}) {
            add("flowcontrol.apiserver.k8s.io/" + version, priorities);
        }
        add("networking.k8s.io/v1beta1", "Ingress IngressClass IPAddress ServiceCIDR");
        add("node.k8s.io/v1alpha1", "RuntimeClass");
        add("node.k8s.io/v1beta1", "RuntimeClass");
        add("policy/v1beta1", "PodDisruptionBudget");
        add("rbac.authorization.k8s.io/v1alpha1", roles);
        add("rbac.authorization.k8s.io/v1beta1", roles);
        add("resource.k8s.io/v1beta1", devices);
        add("resource.k8s.io/v1beta2", devices);
        add("scheduling.k8s.io/v1beta1", "PriorityClass");
        add("storage.k8s.io/v1alpha1", "VolumeAttachment CSIStorageCapacity VolumeAttributesClass");
        add(
                "storage.k8s.io/v1beta1",
                "StorageClass VolumeAttachment CSIDriver CSINode CSIStorageCapacity VolumeAttributesClass");
    }

    private RetiredVersions() {}

    private static void add(String apiVersion, String kinds) {
        Arrays.stream(kinds.split(" ")).map(kind -> apiVersion + " " + kind).forEach(KNOWN::add);
    }

    /** Whether an object of the kind was once written in this version. */
    static boolean know(String apiVersion, String kind) {
        return KNOWN.contains(apiVersion + " " + kind);
    }
}
