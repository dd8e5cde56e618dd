package io.jollyboat.apiserver.bootstrap;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects that every cluster starts with. Read when asked; not kept. */
public final class BootstrapObjects {
    private static final String RBAC_LABEL = "kubernetes.io/bootstrapping";
    private static final String RBAC_LABEL_VALUE = "rbac-defaults";
    static final String RBAC_AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private BootstrapObjects() {}

    public static List<Namespace> namespaces() {
        return YamlObjects.read("namespaces.yaml", Kinds.of(Namespace.class));
    }

    /** Those with an aggregation rule hold what the others' labels give them. */
    public static List<ClusterRole> clusterRoles() {
        List<ClusterRole> roles = new ArrayList<>(rbac("cluster-roles.yaml", Kinds.of(ClusterRole.class)));
        roles.addAll(rbac("node-role.yaml", Kinds.of(ClusterRole.class)));
        return Aggregation.fill(roles);
    }

    public static List<ClusterRoleBinding> clusterRoleBindings() {
        return rbac("cluster-role-bindings.yaml", Kinds.of(ClusterRoleBinding.class));
    }

    public static List<Role> roles() {
        return rbac("roles.yaml", Kinds.of(Role.class));
    }

    public static List<RoleBinding> roleBindings() {
        return rbac("role-bindings.yaml", Kinds.of(RoleBinding.class));
    }

    public static List<PriorityClass> priorityClasses() {
        return YamlObjects.read("priority-classes.yaml", Kinds.of(PriorityClass.class));
    }

    public static List<PriorityLevelConfiguration> priorityLevels() {
        return YamlObjects.read("priority-levels.yaml", Kinds.of(PriorityLevelConfiguration.class));
    }

    public static List<FlowSchema> flowSchemas() {
        return YamlObjects.read("flow-schemas.yaml", Kinds.of(FlowSchema.class));
    }

    /** What all nodes may do alike: the rules of the role {@code system:node}. */
    public static List<PolicyRule> nodeRules() {
        return YamlObjects.read("node-role.yaml", Kinds.of(ClusterRole.class))
                .getFirst()
                .getRulesList();
    }

    /**
     * Where aggregated API servers learn whom to believe.
     *
     * @param clientAuthorities PEM of those who sign client certificates
     * @param frontProxies what is told of the proxies that are believed; empty where there are none
     */
    public static ConfigMap authenticationConfig(String clientAuthorities, Optional<Map<String, String>> frontProxies) {
        return ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("kube-system")
                        .setName("extension-apiserver-authentication"))
                .putData("client-ca-file", clientAuthorities)
                .putAllData(frontProxies.orElse(Map.of()))
                .build();
    }

    // The files leave out what all of these objects carry.
    private static <T extends Message> List<T> rbac(String file, ResourceType<T> type) {
        return YamlObjects.read(file, type).stream()
                .map(object -> type.withMeta(
                        object,
                        type.meta(object).toBuilder()
                                .putLabels(RBAC_LABEL, RBAC_LABEL_VALUE)
                                .putAnnotations(RBAC_AUTOUPDATE, "true")
                                .build()))
                .toList();
    }
}
