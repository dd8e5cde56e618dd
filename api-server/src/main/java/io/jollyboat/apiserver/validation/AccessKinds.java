package io.jollyboat.apiserver.validation;

import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;

/** Validators of roles, certificates and flow control. */
final class AccessKinds {
    private AccessKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(Role.class, RbacRules::role);
        registry.add(ClusterRole.class, RbacRules::clusterRole);
        registry.add(RoleBinding.class, RbacRules::roleBinding, RbacRules::roleBindingUpdate);
        registry.add(ClusterRoleBinding.class, RbacRules::clusterRoleBinding, RbacRules::clusterRoleBindingUpdate);
        registry.add(CertificateSigningRequest.class, CertificateRules::create, CertificateRules::update);
        registry.subresource(CertificateSigningRequest.class, "approval", CertificateRules::approval);
        registry.subresource(CertificateSigningRequest.class, "status", CertificateRules::status);
        registry.add(FlowSchema.class, FlowSchemaRules::create, FlowSchemaRules::update);
        registry.subresource(FlowSchema.class, "status", FlowSchemaRules::statusUpdate);
        registry.add(PriorityLevelConfiguration.class, PriorityLevelRules::create, PriorityLevelRules::update);
        registry.subresource(PriorityLevelConfiguration.class, "status", PriorityLevelRules::statusUpdate);
    }
}
