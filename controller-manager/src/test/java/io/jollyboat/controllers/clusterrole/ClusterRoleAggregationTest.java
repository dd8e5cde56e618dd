package io.jollyboat.controllers.clusterrole;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.rbac.v1.ClusterRole;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterRoleAggregationTest {
    @Test
    void gathersRulesOnceAndInOrder() {
        ClusterRole.Builder view = role("view", "", "secrets-never").toBuilder();
        view.getAggregationRuleBuilder().addClusterRoleSelectorsBuilder().putMatchLabels("to", "view");
        List<ClusterRole> all = List.of(
                view.build(),
                role("b", "view", "pods"),
                role("a", "view", "services"),
                role("c", "view", "pods"),
                role("d", "edit", "nodes"));
        assertThat(ClusterRoleAggregation.rules(view.build(), all).stream().map(r -> r.getResources(0)))
                .containsExactly("services", "pods");
    }

    private static ClusterRole role(String name, String to, String resource) {
        ClusterRole.Builder role = ClusterRole.newBuilder();
        role.getMetadataBuilder().setName(name).putLabels("to", to);
        role.addRulesBuilder().addResources(resource).addVerbs("get");
        return role.build();
    }
}
