package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.NamespaceStatus;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeClaimStatus;
import io.jollyboat.api.core.v1.PersistentVolumeStatus;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/** The deviations of all built-in kinds from the generic path, as upstream has them. */
final class KindStrategies {
    private static final Set<String> COUNT_GENERATION = Set.of(
            "pods",
            "podtemplates",
            "replicationcontrollers",
            "deployments.apps",
            "replicasets.apps",
            "statefulsets.apps",
            "daemonsets.apps",
            "jobs.batch",
            "cronjobs.batch",
            "priorityclasses.scheduling.k8s.io",
            "ingresses.networking.k8s.io",
            "ingressclasses.networking.k8s.io",
            "networkpolicies.networking.k8s.io",
            "endpointslices.discovery.k8s.io",
            "poddisruptionbudgets.policy",
            "resourceslices.resource.k8s.io",
            "deviceclasses.resource.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io");

    private static final Set<String> CREATE_ON_UPDATE = Set.of(
            "runtimeclasses.node.k8s.io",
            "rolebindings.rbac.authorization.k8s.io",
            "clusterrolebindings.rbac.authorization.k8s.io",
            "roles.rbac.authorization.k8s.io",
            "clusterroles.rbac.authorization.k8s.io",
            "leases.coordination.k8s.io",
            "limitranges",
            "events",
            "events.events.k8s.io",
            "services",
            "endpoints");

    private static final Set<String> CONDITIONAL_UPDATE = Set.of(
            "runtimeclasses.node.k8s.io",
            "poddisruptionbudgets.policy",
            "csidrivers.storage.k8s.io",
            "csinodes.storage.k8s.io",
            "csistoragecapacities.storage.k8s.io",
            "volumeattachments.storage.k8s.io",
            "leases.coordination.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "apiservices.apiregistration.k8s.io");

    private static final Set<String> RETURN_DELETED = Set.of(
            "namespaces",
            "persistentvolumes",
            "persistentvolumeclaims",
            "pods",
            "podtemplates",
            "resourcequotas",
            "services",
            "serviceaccounts",
            "deviceclasses.resource.k8s.io",
            "resourceclaims.resource.k8s.io",
            "resourceclaimtemplates.resource.k8s.io",
            "resourceslices.resource.k8s.io",
            "csidrivers.storage.k8s.io",
            "csinodes.storage.k8s.io",
            "storageclasses.storage.k8s.io",
            "volumeattachments.storage.k8s.io",
            "volumeattributesclasses.storage.k8s.io");

    private static final Set<String> STATUS_META_STAYS = Set.of(
            "poddisruptionbudgets.policy",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "apiservices.apiregistration.k8s.io",
            "resourceclaims.resource.k8s.io",
            "servicecidrs.networking.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io");

    /** Alone among the kinds they may come without a name. */
    private static final KindStrategy LIMIT_RANGES = new Generic("limitranges") {
        @Override
        public Message prepareCreate(ResourceType<?> type, Message object) {
            ObjectMeta meta = type.meta(object);
            return meta.getName().isEmpty()
                    ? type.withMeta(
                            object, meta.toBuilder().setName(meta.getUid()).build())
                    : object;
        }
    };

    private static final Map<String, KindStrategy> PREPARED = Map.of(
            "pods", new PodStrategy(),
            "services", new ServiceStrategy(),
            "namespaces",
                    new Generic("namespaces") {
                        @Override
                        public Message prepareCreate(ResourceType<?> type, Message object) {
                            return namespace((Namespace) object);
                        }

                        @Override
                        public Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
                            Namespace namespace = (Namespace) object;
                            return labelled(namespace.toBuilder().setSpec(((Namespace) old).getSpec()))
                                    .build();
                        }

                        @Override
                        public boolean mayGo(Message object) {
                            return ((Namespace) object).getSpec().getFinalizersCount() == 0;
                        }
                    },
            "persistentvolumes",
                    new Generic("persistentvolumes") {
                        @Override
                        public Message prepareCreate(ResourceType<?> type, Message object) {
                            return ((PersistentVolume) object)
                                    .toBuilder()
                                            .setStatus(PersistentVolumeStatus.newBuilder()
                                                    .setPhase("Pending")
                                                    .setLastPhaseTransitionTime(
                                                            type.meta(object).getCreationTimestamp()))
                                            .build();
                        }

                        @Override
                        public Message prepareStatus(String subresource, Message object, Message old, Instant now) {
                            return phaseTimed((PersistentVolume) object, ((PersistentVolume) old).getStatus(), now);
                        }
                    },
            "persistentvolumeclaims",
                    new Generic("persistentvolumeclaims") {
                        @Override
                        public Message prepareCreate(ResourceType<?> type, Message object) {
                            return ((PersistentVolumeClaim) object)
                                    .toBuilder()
                                            .setStatus(PersistentVolumeClaimStatus.newBuilder()
                                                    .setPhase("Pending"))
                                            .build();
                        }
                    },
            "jobs.batch", new JobStrategy(),
            "daemonsets.apps", new DaemonSetStrategy(),
            "customresourcedefinitions.apiextensions.k8s.io",
                    new Generic("customresourcedefinitions.apiextensions.k8s.io") {
                        @Override
                        public Message prepareCreate(ResourceType<?> type, Message object) {
                            return withStored((CustomResourceDefinition) object);
                        }

                        @Override
                        public Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
                            return withStored((CustomResourceDefinition) object);
                        }
                    },
            "certificatesigningrequests.certificates.k8s.io", new CertificateStrategy());

    private KindStrategies() {}

    static KindStrategy of(ResourceType<?> type) {
        if (type.isCustom()) {
            return CustomStrategy.INSTANCE;
        }
        if (type.qualifiedResource().equals("limitranges")) {
            return LIMIT_RANGES;
        }
        if (type.qualifiedResource().equals(ApiServiceStrategy.RESOURCE)) {
            return ApiServiceStrategy.INSTANCE;
        }
        if (type.plural().equals("events")) {
            return new Event(type.qualifiedResource());
        }
        if (type.qualifiedResource().equals(ResourceClaimStrategy.RESOURCE)) {
            return ResourceClaimStrategy.INSTANCE;
        }
        KindStrategy own = PREPARED.get(type.qualifiedResource());
        return own != null ? own : new Generic(type.qualifiedResource());
    }

    /** A version that objects are written in from now on is remembered until they all are migrated. */
    private static Message withStored(CustomResourceDefinition definition) {
        CustomResourceDefinition.Builder builder = definition.toBuilder();
        definition.getSpec().getVersionsList().stream()
                .filter(CustomResourceDefinitionVersion::getStorage)
                .limit(1)
                .map(CustomResourceDefinitionVersion::getName)
                .filter(name -> !definition.getStatus().getStoredVersionsList().contains(name))
                .forEach(builder.getStatusBuilder()::addStoredVersions);
        return builder.build();
    }

    /** With the time of the phase, unless the client says one. */
    private static Message phaseTimed(PersistentVolume volume, PersistentVolumeStatus before, Instant now) {
        PersistentVolumeStatus status = volume.getStatus();
        boolean told = status.hasLastPhaseTransitionTime()
                && !status.getLastPhaseTransitionTime().equals(before.getLastPhaseTransitionTime());
        boolean same = status.getPhase().equals(before.getPhase());
        if (told || (same && status.hasLastPhaseTransitionTime()) || (same && !before.hasLastPhaseTransitionTime())) {
            return volume;
        }
        PersistentVolume.Builder timed = volume.toBuilder();
        if (same) {
            timed.getStatusBuilder().setLastPhaseTransitionTime(before.getLastPhaseTransitionTime());
            return timed.build();
        }
        timed.getStatusBuilder().setLastPhaseTransitionTime(Times.time(now.truncatedTo(ChronoUnit.SECONDS)));
        return timed.build();
    }

    private static Message namespace(Namespace namespace) {
        Namespace.Builder builder =
                namespace.toBuilder().setStatus(NamespaceStatus.newBuilder().setPhase("Active"));
        if (!namespace.getSpec().getFinalizersList().contains("kubernetes")) {
            builder.getSpecBuilder().addFinalizers("kubernetes");
        }
        return labelled(builder).build();
    }

    private static Namespace.Builder labelled(Namespace.Builder namespace) {
        namespace
                .getMetadataBuilder()
                .putLabels(
                        "kubernetes.io/metadata.name", namespace.getMetadata().getName());
        return namespace;
    }

    /** What the tables above say of a resource. */
    static class Generic implements KindStrategy {
        private final String resource;

        Generic(String resource) {
            this.resource = resource;
        }

        @Override
        public boolean countsGeneration() {
            return COUNT_GENERATION.contains(resource);
        }

        /** Upstream forgets to count one kind and to begin with another. */
        @Override
        public boolean countsChanges() {
            return switch (resource) {
                case "priorityclasses.scheduling.k8s.io" -> false;
                case "csidrivers.storage.k8s.io" -> true;
                default -> countsGeneration();
            };
        }

        @Override
        public boolean annotationsCount() {
            return resource.equals("deployments.apps");
        }

        @Override
        public boolean createsWithStatus() {
            return resource.equals("nodes");
        }

        @Override
        public boolean createsOnUpdate() {
            return CREATE_ON_UPDATE.contains(resource);
        }

        @Override
        public boolean allowsUnconditionalUpdate() {
            return !CONDITIONAL_UPDATE.contains(resource);
        }

        @Override
        public boolean returnsDeleted() {
            return RETURN_DELETED.contains(resource);
        }

        @Override
        public GarbageCollection garbageCollection() {
            return resource.equals("replicationcontrollers") || resource.equals("jobs.batch")
                    ? GarbageCollection.ORPHAN_DEPENDENTS
                    : GarbageCollection.DELETE_DEPENDENTS;
        }

        @Override
        public StatusMetadata statusMetadata() {
            if (resource.equals("deployments.apps")) {
                return StatusMetadata.KEEPS_LABELS;
            }
            if (resource.equals("pods")) {
                return StatusMetadata.KEEPS_OWNERS;
            }
            return STATUS_META_STAYS.contains(resource) ? StatusMetadata.STAYS : StatusMetadata.CHANGES;
        }
    }

    /** Events go away by themselves. */
    private static final class Event extends Generic {
        private static final long TTL_SECONDS = 3600;

        Event(String resource) {
            super(resource);
        }

        @Override
        public GarbageCollection garbageCollection() {
            return GarbageCollection.UNSUPPORTED;
        }

        @Override
        public long ttlSeconds(Message object) {
            return TTL_SECONDS;
        }
    }
}
