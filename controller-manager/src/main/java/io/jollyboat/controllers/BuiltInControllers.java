package io.jollyboat.controllers;

import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.certificates.CsrApprovingController;
import io.jollyboat.controllers.certificates.CsrCleanerController;
import io.jollyboat.controllers.certificates.CsrSigningController;
import io.jollyboat.controllers.clusterrole.ClusterRoleAggregation;
import io.jollyboat.controllers.deployment.DeploymentController;
import io.jollyboat.controllers.endpoints.EndpointsController;
import io.jollyboat.controllers.endpointslice.EndpointSliceController;
import io.jollyboat.controllers.garbage.GarbageCollector;
import io.jollyboat.controllers.mirroring.MirroringController;
import io.jollyboat.controllers.namespace.NamespaceController;
import io.jollyboat.controllers.nodeipam.NodeIpamController;
import io.jollyboat.controllers.nodelifecycle.NodeLifecycleController;
import io.jollyboat.controllers.podgc.PodGcController;
import io.jollyboat.controllers.policystatus.PolicyStatusController;
import io.jollyboat.controllers.protection.AttributesClassProtectionController;
import io.jollyboat.controllers.protection.ClaimProtectionController;
import io.jollyboat.controllers.protection.VolumeProtectionController;
import io.jollyboat.controllers.replicaset.ReplicaSetController;
import io.jollyboat.controllers.resourcequota.ResourceQuotaController;
import io.jollyboat.controllers.rootca.RootCaController;
import io.jollyboat.controllers.serviceaccount.ServiceAccountController;
import io.jollyboat.controllers.tainteviction.TaintEvictionController;
import io.jollyboat.controllers.tokens.AccountTokenController;
import io.jollyboat.controllers.tokens.BootstrapSigner;
import io.jollyboat.controllers.tokens.BootstrapTokenCleaner;
import io.jollyboat.controllers.tokens.LegacyTokenCleaner;
import io.jollyboat.tls.Pem;
import java.util.List;

/** All controllers. The names of controllers and ServiceAccounts are upstream's: its default roles are bound to them. */
final class BuiltInControllers {
    static final List<Registration> CONTROLLERS = List.of(
            new Registration(
                    "deployment-controller",
                    "deployment-controller",
                    "deployment-controller",
                    (context, settings) -> DeploymentController.create(context)),
            new Registration(
                    "replicaset-controller",
                    "replicaset-controller",
                    "replicaset-controller",
                    (context, settings) -> ReplicaSetController.replicaSets(context)),
            new Registration(
                    "replicationcontroller-controller",
                    "replication-controller",
                    "replication-controller",
                    (context, settings) -> ReplicaSetController.replicationControllers(context)),
            new Registration(
                    "endpointslice-controller",
                    "endpointslice-controller",
                    "endpoint-slice-controller",
                    (context, settings) -> EndpointSliceController.create(context)),
            new Registration(
                    "endpoints-controller",
                    "endpoint-controller",
                    "endpoint-controller",
                    (context, settings) -> EndpointsController.create(context)),
            new Registration(
                    "endpointslice-mirroring-controller",
                    "endpointslicemirroring-controller",
                    "endpoint-slice-mirroring-controller",
                    (context, settings) -> MirroringController.create(context)),
            new Registration(
                    "serviceaccount-controller",
                    "service-account-controller",
                    "service-account-controller",
                    (context, settings) -> ServiceAccountController.create(context)),
            new Registration(
                    "root-ca-certificate-publisher-controller",
                    "root-ca-cert-publisher",
                    "root-ca-cert-publisher",
                    (context, settings) -> RootCaController.create(context, settings.rootCa())),
            new Registration(
                    "node-lifecycle-controller",
                    "node-controller",
                    "node-controller",
                    (context, settings) -> NodeLifecycleController.create(
                            context, settings.config().nodeLifecycle())),
            new Registration(
                    "node-ipam-controller",
                    "node-controller",
                    "cidrAllocator",
                    (context, settings) -> NodeIpamController.create(
                            context,
                            settings.config().clusterCidrs(),
                            settings.config().nodeMaskSizes())),
            new Registration(
                    "taint-eviction-controller",
                    "node-controller",
                    "taint-eviction-controller",
                    (context, settings) -> TaintEvictionController.create(context)),
            new Registration(
                    "pod-garbage-collector-controller",
                    "pod-garbage-collector",
                    "pod-garbage-collector",
                    (context, settings) ->
                            PodGcController.create(context, settings.config().terminatedPodThreshold())),
            new Registration(
                    "clusterrole-aggregation-controller",
                    "clusterrole-aggregation-controller",
                    "clusterrole-aggregation-controller",
                    (context, settings) -> ClusterRoleAggregation.create(context)),
            new Registration(
                    "certificatesigningrequest-approving-controller",
                    "certificate-controller",
                    "certificate-controller",
                    (context, settings) -> CsrApprovingController.create(context)),
            new Registration(
                    "certificatesigningrequest-signing-controller",
                    "certificate-controller",
                    "certificate-controller",
                    (context, settings) -> CsrSigningController.create(
                            context,
                            settings.config().signingCertFile(),
                            settings.config().signingKeyFile())),
            new Registration(
                    "certificatesigningrequest-cleaner-controller",
                    "certificate-controller",
                    "certificate-controller",
                    (context, settings) -> CsrCleanerController.create(context)),
            new Registration(
                    "namespace-controller",
                    "namespace-controller",
                    "namespace-controller",
                    (context, settings) -> NamespaceController.create(context)),
            new Registration(
                    "persistentvolumeclaim-protection-controller",
                    "pvc-protection-controller",
                    "pvc-protection-controller",
                    (context, settings) -> ClaimProtectionController.create(context)),
            new Registration(
                    "persistentvolume-protection-controller",
                    "pv-protection-controller",
                    "pv-protection-controller",
                    (context, settings) -> VolumeProtectionController.create(context)),
            new Registration(
                    "volumeattributesclass-protection-controller",
                    "volumeattributesclass-protection-controller",
                    "volumeattributesclass-protection-controller",
                    (context, settings) -> AttributesClassProtectionController.create(context)),
            new Registration(
                    "token-cleaner-controller",
                    "token-cleaner",
                    "token-cleaner",
                    (context, settings) -> BootstrapTokenCleaner.create(context)),
            new Registration(
                    "bootstrap-signer-controller",
                    "bootstrap-signer",
                    "bootstrap-signer",
                    (context, settings) -> BootstrapSigner.create(context)),
            new Registration(
                    "validatingadmissionpolicy-status-controller",
                    "validatingadmissionpolicy-status-controller",
                    "validatingadmissionpolicy-status",
                    (context, settings) -> PolicyStatusController.create(context)),
            // The process's own permissions, as upstream: it makes what ServiceAccounts are known by.
            new Registration(
                    "serviceaccount-token-controller",
                    "",
                    "serviceaccount-token-controller",
                    (context, settings) -> settings.config()
                            .serviceAccountKeyFile()
                            .map(file ->
                                    AccountTokenController.create(context, Pem.privateKey(file), settings.rootCa()))
                            .orElseGet(Controller::new)),
            new Registration(
                    "legacy-serviceaccount-token-cleaner-controller",
                    "legacy-service-account-token-cleaner",
                    "legacy-service-account-token-cleaner",
                    (context, settings) ->
                            LegacyTokenCleaner.create(context, settings.config().legacyTokenCleanUpPeriod())),
            // These two last, as they share the others' caches.
            new Registration(
                    "resourcequota-controller",
                    "resourcequota-controller",
                    "resourcequota-controller",
                    (context, settings) -> ResourceQuotaController.create(context)),
            new Registration(
                    "garbage-collector-controller",
                    "generic-garbage-collector",
                    "garbage-collector-controller",
                    (context, settings) -> GarbageCollector.create(context)));

    private BuiltInControllers() {}
}
