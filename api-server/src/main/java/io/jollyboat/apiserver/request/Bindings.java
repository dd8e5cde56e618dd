package io.jollyboat.apiserver.request;

import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.temporal.ChronoUnit;

/** Binds pods to nodes. */
final class Bindings {
    private static final String SCHEDULED = "PodScheduled";

    private final Runtime runtime;

    Bindings(Runtime runtime) {
        this.runtime = runtime;
    }

    void check(Binding binding, String podName) {
        if (!podName.equals(binding.getMetadata().getName())) {
            throw ApiException.badRequest("name in URL does not match name in Binding object");
        }
        String kind = binding.getTarget().getKind();
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw plain(FieldError.of(
                    FieldError.Type.NOT_SUPPORTED, "target.kind", kind, "supported values: \"Node\", \"<empty>\""));
        }
        if (binding.getTarget().getName().isEmpty()) {
            throw plain(FieldError.required("target.name", ""));
        }
    }

    /** As upstream, not a proper Status of a failed validation. */
    private static ApiException plain(FieldError error) {
        return ApiException.of(500, "", error.toString());
    }

    /** The pod, bound. The binding's annotations and labels go to the pod. */
    Pod bound(Pod pod, Binding binding) {
        String name = pod.getMetadata().getName();
        if (pod.getMetadata().hasDeletionTimestamp()) {
            throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        if (!pod.getSpec().getNodeName().isEmpty()) {
            throw conflict(
                    name,
                    "pod " + name + " is already assigned to node \""
                            + pod.getSpec().getNodeName() + "\"");
        }
        if (pod.getSpec().getSchedulingGatesCount() > 0) {
            throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder().setNodeName(binding.getTarget().getName());
        ObjectMeta.Builder meta = builder.getMetadataBuilder()
                .putAllAnnotations(binding.getMetadata().getAnnotationsMap())
                .setResourceVersion(binding.getMetadata().getResourceVersion());
        binding.getMetadata().getLabelsMap().forEach((key, value) -> {
            if (key.startsWith("topology.kubernetes.io/")) {
                meta.putLabels(key, value);
            }
        });
        if (!binding.getMetadata().getUid().isEmpty()) {
            meta.setUid(binding.getMetadata().getUid());
        }
        scheduled(builder);
        return builder.build();
    }

    private void scheduled(Pod.Builder pod) {
        PodCondition.Builder condition = PodCondition.newBuilder()
                .setType(SCHEDULED)
                .setStatus("True")
                .setObservedGeneration(pod.getMetadata().getGeneration())
                .setLastTransitionTime(Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS)));
        for (int i = 0; i < pod.getStatus().getConditionsCount(); i++) {
            PodCondition present = pod.getStatus().getConditions(i);
            if (present.getType().equals(SCHEDULED)) {
                if (present.getStatus().equals("True")) {
                    condition.setLastTransitionTime(present.getLastTransitionTime());
                }
                pod.getStatusBuilder().setConditions(i, condition);
                return;
            }
        }
        pod.getStatusBuilder().addConditions(condition);
    }

    private static ApiException conflict(String name, String text) {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("Operation cannot be fulfilled on pods/binding \"" + name + "\": " + text)
                .setReason("Conflict")
                .setDetails(StatusDetails.newBuilder().setName(name).setKind("pods/binding"))
                .setCode(409)
                .build());
    }
}
