package io.jollyboat.controllers.clusterrole;

import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps the rules of aggregated ClusterRoles. */
public final class ClusterRoleAggregation {
    private static final ResourceType<ClusterRole> CLUSTER_ROLES = Kinds.of(ClusterRole.class);
    private static final int WORKERS = 2;

    private final ControllerContext context;
    private final Informer<ClusterRole> roles;

    private ClusterRoleAggregation(ControllerContext context) {
        this.context = context;
        this.roles = context.informers().of(CLUSTER_ROLES);
    }

    public static Controller create(ControllerContext context) {
        ClusterRoleAggregation controller = new ClusterRoleAggregation(context);
        ControllerLoop loop = context.loop("clusterrole-aggregation", WORKERS, controller::reconcile);
        // Any role may be part of any aggregated one; those are few.
        controller.roles.addHandler((before, after) -> controller.roles.list().stream()
                .filter(ClusterRole::hasAggregationRule)
                .forEach(role -> loop.add(CLUSTER_ROLES.key(role))));
        return Controller.of(loop, controller.roles);
    }

    private Outcome reconcile(ObjectKey key) {
        ClusterRole role = roles.get(key);
        if (role == null || !role.hasAggregationRule()) {
            return Outcome.done();
        }
        List<PolicyRule> rules = rules(role, roles.list());
        if (!rules.equals(role.getRulesList())) {
            context.client()
                    .update(
                            CLUSTER_ROLES,
                            role.toBuilder().clearRules().addAllRules(rules).build());
        }
        return Outcome.done();
    }

    /** The rules of all roles that match, each once, by the roles' names. */
    static List<PolicyRule> rules(ClusterRole role, Collection<ClusterRole> all) {
        List<ClusterRole> sorted = all.stream()
                .sorted(Comparator.comparing(r -> r.getMetadata().getName()))
                .toList();
        Set<PolicyRule> rules = new LinkedHashSet<>();
        for (LabelSelector labels : role.getAggregationRule().getClusterRoleSelectorsList()) {
            Selector selector = Selector.of(labels);
            for (ClusterRole other : sorted) {
                if (!other.getMetadata().getName().equals(role.getMetadata().getName())
                        && selector.matches(other.getMetadata().getLabelsMap())) {
                    rules.addAll(other.getRulesList());
                }
            }
        }
        return List.copyOf(rules);
    }
}
