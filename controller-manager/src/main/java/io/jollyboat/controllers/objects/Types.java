package io.jollyboat.controllers.objects;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;

/** The kinds that controllers work on. */
public final class Types {
    public static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    public static final ResourceType<Node> NODES = Kinds.of(Node.class);
    public static final ResourceType<Service> SERVICES = Kinds.of(Service.class);
    public static final ResourceType<Endpoints> ENDPOINTS = Kinds.of(Endpoints.class);
    public static final ResourceType<EndpointSlice> ENDPOINT_SLICES = Kinds.of(EndpointSlice.class);
    public static final ResourceType<Namespace> NAMESPACES = Kinds.of(Namespace.class);
    public static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS = Kinds.of(ServiceAccount.class);
    public static final ResourceType<ConfigMap> CONFIG_MAPS = Kinds.of(ConfigMap.class);
    public static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);
    public static final ResourceType<Deployment> DEPLOYMENTS = Kinds.of(Deployment.class);
    public static final ResourceType<ReplicaSet> REPLICA_SETS = Kinds.of(ReplicaSet.class);
    public static final ResourceType<ReplicationController> REPLICATION_CONTROLLERS =
            Kinds.of(ReplicationController.class);

    private Types() {}
}
