package io.jollyboat.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Our default roles and bindings against those that an upstream 1.36 server held. */
class DefaultObjectsOracleTest {
    @Test
    void rolesAndBindingsAreUpstreams() {
        compare("clusterroles", Kinds.of(ClusterRole.class), BootstrapObjects.clusterRoles());
        compare("clusterrolebindings", Kinds.of(ClusterRoleBinding.class), BootstrapObjects.clusterRoleBindings());
        compare("roles", Kinds.of(Role.class), BootstrapObjects.roles());
        compare("rolebindings", Kinds.of(RoleBinding.class), BootstrapObjects.roleBindings());
    }

    private static <T extends Message> void compare(String resource, ResourceType<T> type, List<T> ours) {
        Map<String, T> byName = new HashMap<>();
        ours.forEach(object -> byName.put(type.key(object).toString(), object));
        int compared = 0;
        for (JsonNode row : Facts.lines("default-objects.jsonl")) {
            if (!row.path("resource").asString("").equals(resource)) {
                continue;
            }
            T upstream = JsonCodec.decode(row.path("object"), type.prototype(), Strictness.IGNORE)
                    .message();
            String name = type.key(upstream).toString();
            if (name.endsWith(":service-ca-cert-publisher")) {
                // Of the distribution that was recorded, not of upstream.
                continue;
            }
            compared++;
            assertThat(byName).containsKey(name);
            assertThat(withoutOrder(type, byName.get(name))).as(name).isEqualTo(withoutOrder(type, upstream));
        }
        assertThat(compared).as(resource).isPositive();
    }

    // Aggregated rules have no order worth keeping.
    private static <T extends Message> List<Object> withoutOrder(ResourceType<T> type, T object) {
        ObjectMeta meta = type.meta(object);
        Object rest = switch (object) {
            case ClusterRole role -> List.of(new HashSet<>(role.getRulesList()), role.getAggregationRule());
            default -> type.withMeta(object, ObjectMeta.getDefaultInstance());
        };
        return List.of(meta.getName(), meta.getLabelsMap(), meta.getAnnotationsMap(), rest);
    }
}
