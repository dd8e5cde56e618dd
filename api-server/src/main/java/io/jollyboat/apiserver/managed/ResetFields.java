package io.jollyboat.apiserver.managed;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What writes to an object or a subresource cannot set, as upstream's strategies say. */
final class ResetFields {
    private static final FieldFilter STATUS = FieldFilter.without(FieldSet.ofPath("status"));
    private static final FieldFilter SPEC = FieldFilter.without(FieldSet.ofPath("spec"));
    private static final FieldFilter SPEC_AND_METADATA =
            FieldFilter.without(FieldSet.of(FieldSet.ofPath("spec"), FieldSet.ofPath("metadata")));

    /** Resources whose main object resets the status, and whose status resets the spec. */
    private static final Set<String> PLAIN = Set.of(
            "daemonsets.apps",
            "deployments.apps",
            "replicasets.apps",
            "statefulsets.apps",
            "horizontalpodautoscalers.autoscaling",
            "cronjobs.batch",
            "jobs.batch",
            "namespaces",
            "nodes",
            "persistentvolumes",
            "persistentvolumeclaims",
            "pods",
            "replicationcontrollers",
            "resourcequotas",
            "services",
            "ingresses.networking.k8s.io",
            "poddisruptionbudgets.policy");

    /** Likewise, and whose status cannot change metadata. */
    private static final Set<String> WITHOUT_METADATA = Set.of(
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "storageversions.internal.apiserver.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "servicecidrs.networking.k8s.io",
            "devicetaintrules.resource.k8s.io",
            "resourceclaims.resource.k8s.io",
            "volumeattachments.storage.k8s.io",
            "storageversionmigrations.storagemigration.k8s.io",
            "apiservices.apiregistration.k8s.io");

    private static final Map<String, FieldFilter> FILTERS = filters();

    private ResetFields() {}

    private static Map<String, FieldFilter> filters() {
        Map<String, FieldFilter> filters = new HashMap<>();
        PLAIN.forEach(resource -> {
            filters.put(resource, STATUS);
            filters.put(resource + "/status", SPEC);
        });
        WITHOUT_METADATA.forEach(resource -> {
            filters.put(resource, STATUS);
            filters.put(resource + "/status", SPEC_AND_METADATA);
        });
        filters.put("customresourcedefinitions.apiextensions.k8s.io", STATUS);
        filters.put("customresourcedefinitions.apiextensions.k8s.io/status", SPEC);
        filters.put("namespaces/finalize", STATUS);
        filters.put("deployments.apps/status", without(FieldSet.ofPath("spec"), FieldSet.ofPath("metadata", "labels")));
        filters.put(
                "pods/status",
                without(
                        FieldSet.ofPath("spec"),
                        FieldSet.ofPath("metadata", "deletionTimestamp"),
                        FieldSet.ofPath("metadata", "ownerReferences")));
        filters.put("pods/ephemeralcontainers", set -> only(set, "spec", "ephemeralContainers"));
        filters.put("pods/resize", ResetFields::resources);
        String requests = "certificatesigningrequests.certificates.k8s.io";
        filters.put(requests, without(FieldSet.ofPath("spec"), FieldSet.ofPath("status")));
        filters.put(requests + "/status", without(FieldSet.ofPath("spec"), FieldSet.ofPath("status", "conditions")));
        filters.put(requests + "/approval", without(FieldSet.ofPath("spec"), FieldSet.ofPath("status", "certificate")));
        return Map.copyOf(filters);
    }

    private static FieldFilter without(FieldSet... paths) {
        return FieldFilter.without(FieldSet.of(paths));
    }

    /** @param resource qualified, such as {@code deployments.apps} */
    static FieldFilter of(String resource, String subresource) {
        FieldFilter filter = FILTERS.get(subresource.isEmpty() ? resource : resource + "/" + subresource);
        return filter == null ? FieldFilter.NONE : filter;
    }

    /** Of a custom resource with a status of its own. */
    static FieldFilter ofCustom(String subresource) {
        return switch (subresource) {
            case "" -> STATUS;
            case "status" -> SPEC_AND_METADATA;
            default -> FieldFilter.NONE;
        };
    }

    /** The fields on the path, and all below its end. */
    private static FieldSet only(FieldSet set, String... path) {
        return only(set, 0, path);
    }

    private static FieldSet only(FieldSet set, int depth, String... path) {
        int place = depth == path.length ? -1 : set.find(Step.field(path[depth]));
        if (place < 0) {
            return depth == path.length ? set : FieldSet.EMPTY;
        }
        FieldSet child = set.childAt(place) == null ? FieldSet.EMPTY : only(set.childAt(place), depth + 1, path);
        FieldSet result = new FieldSet();
        result.put(set.step(place), set.isMember(place), child);
        return set.isMember(place) || !child.isEmpty() ? result : FieldSet.EMPTY;
    }

    /** What a resize can set of each container. */
    private static FieldSet resources(FieldSet set) {
        FieldSet result = FieldSet.EMPTY;
        for (String list : new String[] {"containers", "initContainers"}) {
            FieldSet found = only(set, "spec", list);
            if (found.isEmpty()) {
                continue;
            }
            FieldSet spec = found.childAt(0);
            FieldSet kept = new FieldSet();
            FieldSet containers = spec == null ? null : spec.childAt(0);
            FieldSet inside = new FieldSet();
            for (int i = 0; containers != null && i < containers.size(); i++) {
                FieldSet child = containers.childAt(i);
                FieldSet parts = child == null
                        ? FieldSet.EMPTY
                        : only(child, "resources").union(only(child, "resizePolicy"));
                if (containers.isMember(i) || !parts.isEmpty()) {
                    inside.put(containers.step(i), containers.isMember(i), parts);
                }
            }
            if (spec != null) {
                FieldSet below = new FieldSet();
                below.put(spec.step(0), spec.isMember(0), inside);
                kept.put(found.step(0), found.isMember(0), below);
                result = result.union(kept.finished());
            }
        }
        return result;
    }
}
