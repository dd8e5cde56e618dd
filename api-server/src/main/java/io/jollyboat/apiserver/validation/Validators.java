package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.NetworkPolicy;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The one list of validators; kinds that are not in it have the rules of metadata alone. */
public final class Validators {
    private interface Creation<T> {
        void check(Errors errors, T object);
    }

    private interface Change<T> {
        void check(Errors errors, T object, T old);
    }

    private record Validator<T extends Message>(Creation<T> creation, Change<T> change) {}

    private static final Map<ResourceType<?>, Validator<Message>> OWN = new HashMap<>();

    static {
        add(Pod.class, PodRules::create, PodRules::update);
        add(Service.class, ServiceRules::create, ServiceRules::update);
        add(ConfigMap.class, CoreRules::configMap, CoreRules::configMapUpdate);
        add(Secret.class, CoreRules::secret, CoreRules::secretUpdate);
        add(Namespace.class, CoreRules::namespace);
        add(Node.class, CoreRules::node, CoreRules::nodeUpdate);
        add(ReplicationController.class, WorkloadRules::replicationController);
        add(PersistentVolumeClaim.class, PolicyRules::claim);
        add(PersistentVolume.class, PolicyRules::volume);
        add(Deployment.class, WorkloadRules::deployment, WorkloadRules::deploymentUpdate);
        add(ReplicaSet.class, WorkloadRules::replicaSet, WorkloadRules::replicaSetUpdate);
        add(StatefulSet.class, WorkloadRules::statefulSet, WorkloadRules::statefulSetUpdate);
        add(DaemonSet.class, WorkloadRules::daemonSet, WorkloadRules::daemonSetUpdate);
        add(Job.class, JobRules::create, JobRules::update);
        add(CronJob.class, JobRules::cronJob, JobRules::cronJobUpdate);
        add(Role.class, RbacRules::role);
        add(ClusterRole.class, RbacRules::clusterRole);
        add(RoleBinding.class, RbacRules::roleBinding, RbacRules::roleBindingUpdate);
        add(ClusterRoleBinding.class, RbacRules::clusterRoleBinding, RbacRules::clusterRoleBindingUpdate);
        add(EndpointSlice.class, NetworkRules::endpointSlice, NetworkRules::endpointSliceUpdate);
        add(Ingress.class, NetworkRules::ingress);
        add(NetworkPolicy.class, NetworkRules::networkPolicy);
        add(Lease.class, PolicyRules::lease);
        add(PriorityClass.class, PolicyRules::priorityClass, PolicyRules::priorityClassUpdate);
        add(PodDisruptionBudget.class, PolicyRules::disruptionBudget);
        add(HorizontalPodAutoscaler.class, PolicyRules::autoscaler);
        add(StorageClass.class, PolicyRules::storageClass, PolicyRules::storageClassUpdate);
    }

    private Validators() {}

    @SuppressWarnings("unchecked")
    private static <T extends Message> void add(Class<T> kind, Creation<T> creation, Change<T> change) {
        OWN.put(Kinds.of(kind), (Validator<Message>) new Validator<>(creation, change));
    }

    /** For kinds whose updates have no rules but those of new objects. */
    private static <T extends Message> void add(Class<T> kind, Creation<T> creation) {
        ResourceType<T> type = Kinds.of(kind);
        add(kind, creation, (errors, object, old) -> {
            MetaRules.checkUpdate(errors, type.meta(object), type.meta(old), "metadata");
            creation.check(errors, object);
        });
    }

    /** True where the kind has rules of its own. */
    public static boolean has(ResourceType<?> type) {
        return OWN.containsKey(type);
    }

    /** What is wrong with a new object; empty where nothing is. */
    public static List<FieldError> validateCreate(ResourceType<?> type, Message object) {
        Errors errors = new Errors();
        Validator<Message> own = OWN.get(type);
        if (own == null) {
            MetaRules.check(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
        } else {
            own.creation.check(errors, object);
        }
        return errors.found();
    }

    /** What is wrong with a changed object. */
    public static List<FieldError> validateUpdate(ResourceType<?> type, Message object, Message old) {
        Errors errors = new Errors();
        Validator<Message> own = OWN.get(type);
        if (own == null) {
            MetaRules.checkUpdate(errors, type.meta(object), type.meta(old), "metadata");
        } else {
            own.change.check(errors, object, old);
        }
        return errors.found();
    }

    /** What is wrong with a change through a subresource: nothing but metadata may be. */
    public static List<FieldError> validateSubresource(ResourceType<?> type, Message object, Message old) {
        Errors errors = new Errors();
        MetaRules.checkUpdate(errors, type.meta(object), type.meta(old), "metadata");
        return errors.found();
    }
}
