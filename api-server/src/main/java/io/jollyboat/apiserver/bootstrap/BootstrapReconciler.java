package io.jollyboat.apiserver.bootstrap;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/**
 * Brings the default objects about, at every start: creates what is missing, gives back to roles and bindings what was
 * taken from them, unless their annotation says hands off. Never takes away what somebody added. May run on several
 * servers at once. Objects are written side by side: one after the other, a fresh cluster waits for 150 syncs of etcd.
 */
public final class BootstrapReconciler {
    private static final Log LOG = Log.of(BootstrapReconciler.class);
    private static final int ATTEMPTS = 5;

    private final BootstrapStore store;
    private final ConfigMap authenticationConfig;
    private final Executor threads;

    /**
     * @param authenticationConfig {@link BootstrapObjects#authenticationConfig}
     * @param threads one for each write; may run them in the caller's
     */
    public BootstrapReconciler(BootstrapStore store, ConfigMap authenticationConfig, Executor threads) {
        this.store = store;
        this.authenticationConfig = authenticationConfig;
        this.threads = threads;
    }

    /** Reads what is to be there, for which no store is needed; run what is answered. */
    public Runnable prepare() {
        List<Runnable> namespaces = createMissing(Namespace.class, BootstrapObjects.namespaces());
        List<Runnable> others = new ArrayList<>();
        others.addAll(reconcile(ClusterRole.class, BootstrapObjects.clusterRoles(), RbacMerge::clusterRole));
        others.addAll(reconcileBindings(
                ClusterRoleBinding.class, BootstrapObjects.clusterRoleBindings(), RbacMerge::clusterRoleBinding));
        others.addAll(reconcile(Role.class, BootstrapObjects.roles(), RbacMerge::role));
        others.addAll(reconcileBindings(RoleBinding.class, BootstrapObjects.roleBindings(), RbacMerge::roleBinding));
        others.addAll(createMissing(PriorityClass.class, BootstrapObjects.priorityClasses()));
        others.addAll(reconcile(
                PriorityLevelConfiguration.class, BootstrapObjects.priorityLevels(), FlowControlMerge::priorityLevel));
        others.addAll(reconcile(FlowSchema.class, BootstrapObjects.flowSchemas(), FlowControlMerge::flowSchema));
        others.addAll(reconcile(ConfigMap.class, List.of(authenticationConfig), BootstrapReconciler::withData));
        return () -> {
            // Roles and the ConfigMap live in them.
            runAll(namespaces);
            runAll(others);
        };
    }

    /** Reconciles all; ApiException when the store does not answer. Running it again is harmless. */
    public void run() {
        prepare().run();
    }

    private void runAll(List<Runnable> steps) {
        try {
            CompletableFuture.allOf(steps.stream()
                            .map(step -> CompletableFuture.runAsync(step, threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ApiException failure ? failure : e;
        }
    }

    // Others may keep entries of their own in it.
    private static ConfigMap withData(ConfigMap present, ConfigMap wanted) {
        return present.toBuilder().putAllData(wanted.getDataMap()).build();
    }

    private <T extends Message> List<Runnable> createMissing(Class<T> kind, List<T> objects) {
        return reconcile(kind, objects, (present, wanted) -> present);
    }

    private <T extends Message> List<Runnable> reconcile(Class<T> kind, List<T> objects, BinaryOperator<T> merge) {
        ResourceType<T> type = Kinds.of(kind);
        return steps(objects, object -> attempt(type, object, () -> reconcile(type, object, merge)));
    }

    private static <T> List<Runnable> steps(List<T> objects, Consumer<T> step) {
        return objects.stream()
                .<Runnable>map(object -> () -> step.accept(object))
                .toList();
    }

    private <T extends Message> void reconcile(ResourceType<T> type, T wanted, BinaryOperator<T> merge) {
        ObjectKey key = type.key(wanted);
        T present = store.get(type, key);
        if (present == null) {
            store.create(type, wanted);
            return;
        }
        T merged = merge.apply(present, wanted);
        if (!merged.equals(present)) {
            LOG.info("default object is brought up to date", "resource", type.qualifiedResource(), "key", key);
            store.update(type, merged);
        }
    }

    /** Merges a binding; empty when the present one refers to another role, which cannot be changed but replaced. */
    private interface BindingMerge<T> {
        Optional<T> merge(T present, T wanted);
    }

    private <T extends Message> List<Runnable> reconcileBindings(
            Class<T> kind, List<T> objects, BindingMerge<T> merge) {
        ResourceType<T> type = Kinds.of(kind);
        return steps(
                objects,
                wanted -> attempt(type, wanted, () -> {
                    ObjectKey key = type.key(wanted);
                    T present = store.get(type, key);
                    if (present != null && merge.merge(present, wanted).isEmpty()) {
                        LOG.info("default binding is replaced", "resource", type.qualifiedResource(), "key", key);
                        store.delete(type, key);
                    }
                    reconcile(
                            type, wanted, (now, then) -> merge.merge(now, then).orElse(now));
                }));
    }

    // Another server, or a user, may write at the same time.
    private static void attempt(ResourceType<?> type, Message object, Runnable step) {
        for (int attempt = 1; ; attempt++) {
            try {
                step.run();
                return;
            } catch (ApiException e) {
                boolean raced = e.isConflict() || e.isAlreadyExists() || e.isNotFound();
                if (!raced || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.debug(
                        "default object is tried again",
                        "resource",
                        type.qualifiedResource(),
                        "key",
                        type.key(object),
                        "reason",
                        e.getMessage());
            }
        }
    }
}
