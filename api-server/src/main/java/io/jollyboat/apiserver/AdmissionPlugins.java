package io.jollyboat.apiserver;

import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.CertificateApproval;
import io.jollyboat.apiserver.admission.CertificateRequester;
import io.jollyboat.apiserver.admission.CertificateSigning;
import io.jollyboat.apiserver.admission.CertificateSubjectRestriction;
import io.jollyboat.apiserver.admission.DefaultIngressClass;
import io.jollyboat.apiserver.admission.DefaultStorageClass;
import io.jollyboat.apiserver.admission.DefaultTolerationSeconds;
import io.jollyboat.apiserver.admission.LimitRanger;
import io.jollyboat.apiserver.admission.NamespaceLifecycle;
import io.jollyboat.apiserver.admission.NodeDeclaredFeatureValidator;
import io.jollyboat.apiserver.admission.NodeRestriction;
import io.jollyboat.apiserver.admission.PersistentVolumeClaimResize;
import io.jollyboat.apiserver.admission.PodResizeValidator;
import io.jollyboat.apiserver.admission.PodTopologyLabels;
import io.jollyboat.apiserver.admission.PriorityAdmission;
import io.jollyboat.apiserver.admission.RbacEscalation;
import io.jollyboat.apiserver.admission.RuntimeClassAdmission;
import io.jollyboat.apiserver.admission.ServiceAccountAdmission;
import io.jollyboat.apiserver.admission.SignerPermission;
import io.jollyboat.apiserver.admission.StorageObjectInUseProtection;
import io.jollyboat.apiserver.admission.TaintNodesByCondition;
import io.jollyboat.apiserver.admission.podsecurity.PodSecurity;
import io.jollyboat.apiserver.admission.podsecurity.PodSecurityConfiguration;
import io.jollyboat.apiserver.admission.quota.ResourceQuotaAdmission;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.policy.MutatingPolicies;
import io.jollyboat.apiserver.policy.ValidatingPolicies;
import io.jollyboat.apiserver.security.Security;
import io.jollyboat.apiserver.webhook.Webhooks;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;

/** The admission plugins of this server, in upstream's order. */
final class AdmissionPlugins {
    private AdmissionPlugins() {}

    static AdmissionChain chain(
            Runtime runtime,
            ObjectStorages storages,
            Security security,
            PodSecurityConfiguration podSecurity,
            Webhooks webhooks,
            MutatingPolicies mutating,
            ValidatingPolicies policies,
            Metrics metrics) {
        SignerPermission signers = new SignerPermission(security.authorizer());
        List<AdmissionPlugin> plugins = new ArrayList<>(List.of(
                new NamespaceLifecycle(storages),
                new LimitRanger(storages),
                new ServiceAccountAdmission(runtime, storages),
                new NodeRestriction(security.live(), security.authorizer()),
                new TaintNodesByCondition(),
                new PodSecurity(runtime, storages, podSecurity),
                new PriorityAdmission(storages),
                new DefaultTolerationSeconds(),
                new DefaultStorageClass(storages),
                new StorageObjectInUseProtection(),
                new PersistentVolumeClaimResize(storages),
                new RuntimeClassAdmission(storages),
                new CertificateRequester(),
                new CertificateApproval(signers),
                new CertificateSigning(signers),
                new CertificateSubjectRestriction(),
                new DefaultIngressClass(storages),
                new PodTopologyLabels(storages),
                new NodeDeclaredFeatureValidator(storages),
                new PodResizeValidator(storages),
                new RbacEscalation(security.escalation())));
        plugins.add(mutating);
        plugins.add(webhooks.mutating());
        plugins.add(policies);
        plugins.add(webhooks.validating());
        // Charges what it lets pass: whatever else may refuse comes before.
        plugins.add(new ResourceQuotaAdmission(runtime, storages));
        return new AdmissionChain(plugins, metrics, runtime);
    }
}
