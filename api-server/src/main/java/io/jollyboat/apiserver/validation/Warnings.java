package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeSource;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodTemplate;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.node.v1.RuntimeClass;
import io.jollyboat.api.storage.v1.CSIDriver;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a client is told beside the answer: deprecated fields, and what is allowed but surprising. */
public final class Warnings {
    private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";
    private static final Map<String, String> GONE_VOLUMES = Map.of(
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "storageos", "deprecated in v1.22, non-functional in v1.25+",
            "quobyte", "deprecated in v1.22, non-functional in v1.25+",
            "flocker", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private Warnings() {}

    /**
     * The warnings of a write.
     *
     * @param old null for a new object
     */
    public static List<String> of(Message object, Message old) {
        return switch (object) {
            case Pod pod -> old == null ? PodWarnings.of(pod.getMetadata(), pod.getSpec(), "") : List.of();
            case PodTemplate template -> PodWarnings.of(template.getTemplate(), "template");
            case ReplicationController controller ->
                template(controller.getSpec().getTemplate(), named(controller.getMetadata(), old));
            case Deployment deployment ->
                changed(
                        deployment.getSpec().getTemplate(),
                        old instanceof Deployment before ? before.getSpec().getTemplate() : null,
                        named(deployment.getMetadata(), old));
            case ReplicaSet set ->
                changed(
                        set.getSpec().getTemplate(),
                        old instanceof ReplicaSet before ? before.getSpec().getTemplate() : null,
                        named(set.getMetadata(), old));
            case StatefulSet set ->
                changed(
                        set.getSpec().getTemplate(),
                        old instanceof StatefulSet before ? before.getSpec().getTemplate() : null,
                        history(set));
            case DaemonSet set ->
                changed(
                        set.getSpec().getTemplate(),
                        old instanceof DaemonSet before ? before.getSpec().getTemplate() : null,
                        List.of());
            case Job job -> template(job.getSpec().getTemplate(), named(job.getMetadata(), old));
            case CronJob job -> cronJob(job, old);
            case Service service -> service(service);
            case EndpointSlice slice ->
                old == null && slice.getAddressType().equals("FQDN")
                        ? List.of("spec.addressType: FQDN endpoints are deprecated")
                        : List.of();
            case Ingress ingress -> ingress(ingress);
            case PersistentVolume volume -> volume(volume);
            case CSIDriver driver -> driver(driver);
            case PersistentVolumeClaim claim -> claim(claim);
            case StorageClass storage -> NodeLabelWarnings.topologies(storage.getAllowedTopologiesList());
            case RuntimeClass runtime ->
                NodeLabelWarnings.names(runtime.getScheduling().getNodeSelectorMap(), "scheduling.nodeSelector");
            case Node node ->
                node.getSpec().getExternalID().isEmpty()
                        ? List.of()
                        : List.of("spec.externalID: this field is deprecated, and is unused by Kubernetes");
            default -> List.of();
        };
    }

    private static List<String> changed(PodTemplateSpec template, PodTemplateSpec old, List<String> others) {
        return old != null && template.getSpec().equals(old.getSpec()) ? others : template(template, others);
    }

    private static List<String> template(PodTemplateSpec template, List<String> others) {
        List<String> all = new ArrayList<>(others);
        all.addAll(PodWarnings.of(template, "spec.template"));
        return all;
    }

    /** Pods get their names from their maker's. */
    private static List<String> named(ObjectMeta meta, Message old) {
        List<String> problems = old == null ? Names.dns1123Label(meta.getName()) : List.of();
        return problems.isEmpty()
                ? List.of()
                : List.of("metadata.name: this is used in Pod names and hostnames, which can result in surprising"
                        + " behavior; a DNS label is recommended: [" + String.join(" ", problems) + "]");
    }

    private static List<String> history(StatefulSet set) {
        return set.getSpec().getRevisionHistoryLimit() < 0
                ? List.of(
                        "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is"
                                + " recommended")
                : List.of();
    }

    private static List<String> cronJob(CronJob job, Message old) {
        List<String> all = new ArrayList<>(named(job.getMetadata(), old));
        if (job.getSpec().getSchedule().contains("TZ")) {
            all.add("cannot use TZ or CRON_TZ in spec.schedule, use timeZone instead");
        }
        all.addAll(PodWarnings.of(
                job.getSpec().getJobTemplate().getSpec().getTemplate(), "spec.jobTemplate.spec.template"));
        return all;
    }

    private static List<String> service(Service service) {
        ServiceSpec spec = service.getSpec();
        List<String> all = new ArrayList<>();
        if (service.getMetadata().containsAnnotations(TOPOLOGY_HINTS)) {
            all.add("annotation " + TOPOLOGY_HINTS
                    + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        if (!spec.getExternalName().isEmpty() && !spec.getType().equals("ExternalName")) {
            all.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.getExternalIPsCount() > 0) {
            all.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        if (spec.getTrafficDistribution().equals("PreferClose")) {
            all.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return all;
    }

    private static List<String> ingress(Ingress ingress) {
        return ingress.getMetadata().containsAnnotations(INGRESS_CLASS)
                        && !ingress.getSpec().hasIngressClassName()
                ? List.of("annotation \"" + INGRESS_CLASS
                        + "\" is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
    }

    private static List<String> volume(PersistentVolume volume) {
        List<String> all = new ArrayList<>(AnnotationWarnings.storageClass(volume.getMetadata()));
        if (volume.getSpec().getPersistentVolumeReclaimPolicy().equals("Recycle")) {
            all.add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the"
                    + " recommended approach is to use dynamic provisioning.");
        }
        List<NodeSelectorTerm> terms =
                volume.getSpec().getNodeAffinity().getRequired().getNodeSelectorTermsList();
        for (int i = 0; i < terms.size(); i++) {
            all.addAll(NodeLabelWarnings.term(
                    terms.get(i), true, "spec.nodeAffinity.required.nodeSelectorTerms[" + i + "]"));
        }
        PersistentVolumeSource source = volume.getSpec().getPersistentVolumeSource();
        source.getAllFields().keySet().forEach(field -> {
            String since = GONE_VOLUMES.get(field.getName());
            if (since != null) {
                all.add("spec." + (field.getName().equals("storageos") ? "storageOS" : field.getName()) + ": " + since);
            }
        });
        return all;
    }

    private static List<String> claim(PersistentVolumeClaim claim) {
        List<String> all = new ArrayList<>(AnnotationWarnings.storageClass(claim.getMetadata()));
        all.addAll(PodWarnings.fractions(
                claim.getSpec().getResources().getRequestsMap(), "storage", "spec.resources.requests"));
        return all;
    }

    private static List<String> driver(CSIDriver driver) {
        boolean silent = driver.getSpec().getTokenRequestsCount() > 0
                && !driver.getSpec().hasServiceAccountTokenInSecrets();
        return silent
                ? List.of("spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to"
                        + " prevent possible logging of tokens in volume attributes")
                : List.of();
    }
}
