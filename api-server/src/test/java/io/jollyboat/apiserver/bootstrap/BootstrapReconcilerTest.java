package io.jollyboat.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapReconcilerTest {
    private static final ResourceType<ClusterRole> ROLES = Kinds.of(ClusterRole.class);
    private static final ResourceType<ClusterRoleBinding> BINDINGS = Kinds.of(ClusterRoleBinding.class);

    private final MapStore store = new MapStore();
    private final BootstrapReconciler reconciler = new BootstrapReconciler(
            store,
            BootstrapObjects.authenticationConfig("CA", Optional.of(Map.of("requestheader-client-ca-file", "FRONT"))),
            Runnable::run);

    @Test
    void createsEverythingOnceAndThenNothing() {
        reconciler.run();
        assertThat(store.objects).hasSizeGreaterThan(150);
        assertThat(store.get(ROLES, ObjectKey.cluster("view")).getRulesCount()).isPositive();
        int writes = store.writes;
        reconciler.run();
        assertThat(store.writes).isEqualTo(writes);
    }

    @Test
    void givesBackWhatWasTakenAndKeepsWhatWasAdded() {
        reconciler.run();
        ClusterRole role = store.get(ROLES, ObjectKey.cluster("system:discovery"));
        PolicyRule added = PolicyRule.newBuilder()
                .addVerbs("get")
                .addNonResourceURLs("/mine")
                .build();
        store.update(ROLES, role.toBuilder().clearRules().addRules(added).build());
        reconciler.run();
        ClusterRole after = store.get(ROLES, ObjectKey.cluster("system:discovery"));
        assertThat(after.getRulesList()).contains(added);
        assertThat(io.jollyboat.apiserver.authz.RuleCoverage.missing(after.getRulesList(), role.getRulesList()))
                .isEmpty();
    }

    @Test
    void keepsHandsOffWhereToldTo() {
        reconciler.run();
        ClusterRole role = store.get(ROLES, ObjectKey.cluster("system:discovery"));
        ClusterRole taken = role.toBuilder()
                .clearRules()
                .setMetadata(role.getMetadata().toBuilder()
                        .putAnnotations("rbac.authorization.kubernetes.io/autoupdate", "false"))
                .build();
        store.update(ROLES, taken);
        reconciler.run();
        assertThat(store.get(ROLES, ObjectKey.cluster("system:discovery"))).isEqualTo(taken);
    }

    @Test
    void restoresSubjectsAndReplacesBindingsToAnotherRole() {
        reconciler.run();
        ClusterRoleBinding binding = store.get(BINDINGS, ObjectKey.cluster("system:discovery"));
        Subject mine = Subject.newBuilder().setKind("User").setName("mine").build();
        store.update(
                BINDINGS, binding.toBuilder().clearSubjects().addSubjects(mine).build());
        reconciler.run();
        assertThat(store.get(BINDINGS, ObjectKey.cluster("system:discovery")).getSubjectsList())
                .contains(mine)
                .containsAll(binding.getSubjectsList());
        store.update(
                BINDINGS,
                binding.toBuilder()
                        .setRoleRef(RoleRef.newBuilder().setKind("ClusterRole").setName("cluster-admin"))
                        .build());
        reconciler.run();
        assertThat(store.get(BINDINGS, ObjectKey.cluster("system:discovery"))).isEqualTo(binding);
    }

    @Test
    void toleratesAnotherServerDoingTheSame() {
        store.raceOnce = true;
        reconciler.run();
        assertThat(store.get(ROLES, ObjectKey.cluster("cluster-admin"))).isNotNull();
        assertThat(store.raceOnce).isFalse();
    }

    private static final class MapStore implements BootstrapStore {
        private final Map<String, Message> objects = new HashMap<>();
        private int writes;
        private boolean raceOnce;

        private static String key(ResourceType<?> type, ObjectKey key) {
            return type.qualifiedResource() + " " + key;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
            return (T) objects.get(key(type, key));
        }

        @Override
        public void create(ResourceType<?> type, Message object) {
            ObjectMeta meta = type.meta(object);
            if (raceOnce || objects.containsKey(key(type, type.key(object)))) {
                raceOnce = false;
                objects.put(key(type, type.key(object)), object);
                throw ApiException.alreadyExists(type, meta.getName());
            }
            update(type, object);
        }

        @Override
        public void update(ResourceType<?> type, Message object) {
            writes++;
            objects.put(key(type, type.key(object)), object);
        }

        @Override
        public void delete(ResourceType<?> type, ObjectKey key) {
            objects.remove(key(type, key));
        }
    }
}
