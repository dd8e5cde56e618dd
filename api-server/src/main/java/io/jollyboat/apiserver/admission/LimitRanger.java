package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.LimitRange;
import io.jollyboat.api.core.v1.LimitRangeItem;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Completes and bounds what containers, pods and claims of a namespace ask for, as its LimitRanges say. */
public final class LimitRanger implements AdmissionPlugin {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final CachedObjects<LimitRange> ranges;

    public LimitRanger(ObjectStorages storages) {
        this.ranges = new CachedObjects<>(storages, LimitRange.class);
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (!(object instanceof Pod pod) || !concerns(request)) {
            return object;
        }
        Pod result = pod;
        for (LimitRange range : ranges.list(request.namespace())) {
            result = completed(result, range);
        }
        return result;
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (!(object instanceof Pod || object instanceof PersistentVolumeClaim) || !concerns(request)) {
            return;
        }
        for (LimitRange range : ranges.list(request.namespace())) {
            List<String> broken = switch (object) {
                case Pod pod -> LimitChecks.of(range, pod);
                case PersistentVolumeClaim claim -> LimitChecks.of(range, claim);
                default -> List.of();
            };
            if (!broken.isEmpty()) {
                List<String> texts = broken.stream().distinct().toList();
                throw new Refusal(request, object)
                        .because(texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]");
            }
        }
    }

    /** What a pod asks for is fixed once it is there, but for resizing it. */
    private static boolean concerns(AdmissionRequest request) {
        if (request.operation() == Operation.DELETE) {
            return false;
        }
        boolean resizes = request.operation() == Operation.UPDATE
                && request.subresource().equals("resize")
                && request.type().qualifiedResource().equals("pods");
        boolean concerned = resizes
                || (request.isAbout("pods") && request.operation() == Operation.CREATE)
                || request.isAbout("persistentvolumeclaims");
        return concerned && !deleting(request);
    }

    private static boolean deleting(AdmissionRequest request) {
        return request.old() != null && request.type().meta(request.old()).hasDeletionTimestamp();
    }

    private static Pod completed(Pod pod, LimitRange range) {
        Map<String, Quantity> requests = new TreeMap<>();
        Map<String, Quantity> limits = new TreeMap<>();
        for (LimitRangeItem item : range.getSpec().getLimitsList()) {
            if (item.getType().equals("Container")) {
                requests.putAll(item.getDefaultRequestMap());
                limits.putAll(item.getDefaultMap());
            }
        }
        if (requests.isEmpty() && limits.isEmpty()) {
            return pod;
        }
        Pod.Builder builder = pod.toBuilder();
        List<String> notes = new ArrayList<>();
        for (Container.Builder container : builder.getSpecBuilder().getContainersBuilderList()) {
            complete("container", container, requests, limits, notes);
        }
        for (Container.Builder container : builder.getSpecBuilder().getInitContainersBuilderList()) {
            complete("init container", container, requests, limits, notes);
        }
        if (notes.isEmpty()) {
            return pod;
        }
        ObjectMeta.Builder meta = builder.getMetadataBuilder();
        meta.putAnnotations(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
        return builder.build();
    }

    private static void complete(
            String what,
            Container.Builder container,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> notes) {
        ResourceRequirements asked = container.getResources();
        Set<String> newRequests = new TreeSet<>(requests.keySet());
        newRequests.removeAll(asked.getRequestsMap().keySet());
        Set<String> newLimits = new TreeSet<>(limits.keySet());
        newLimits.removeAll(asked.getLimitsMap().keySet());
        newLimits.forEach(name -> container.getResourcesBuilder().putLimits(name, limits.get(name)));
        newRequests.forEach(name -> container.getResourcesBuilder().putRequests(name, requests.get(name)));
        note(newRequests, "request", what, container, notes);
        note(newLimits, "limit", what, container, notes);
    }

    private static void note(
            Set<String> names, String which, String what, Container.Builder container, List<String> notes) {
        if (!names.isEmpty()) {
            notes.add(String.join(", ", names) + " " + which + " for " + what + " " + container.getName());
        }
    }
}
