package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;

/** Turns the name of a pod's priority class into numbers. */
public final class PriorityAdmission implements AdmissionPlugin {
    private static final ResourceType<PriorityClass> CLASSES = Kinds.of(PriorityClass.class);
    private static final String PREEMPTS = "PreemptLowerPriority";
    private static final String SYSTEM_PREFIX = "system-";

    private final ObjectStorages storages;

    public PriorityAdmission(ObjectStorages storages) {
        this.storages = storages;
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (!request.isAbout("pods")) {
            return object;
        }
        Pod pod = (Pod) object;
        if (request.operation() == Operation.CREATE) {
            return prioritized(request, pod);
        }
        return request.operation() == Operation.UPDATE ? kept(pod, (Pod) request.old()) : object;
    }

    /** A client that does not know the fields does not take them away. */
    private static Pod kept(Pod pod, Pod old) {
        PodSpec spec = pod.getSpec();
        PodSpec before = old.getSpec();
        boolean priority = !spec.hasPriority() && before.hasPriority();
        boolean policy = !spec.hasPreemptionPolicy() && before.hasPreemptionPolicy();
        if (!priority && !policy) {
            return pod;
        }
        Pod.Builder builder = pod.toBuilder();
        if (priority) {
            builder.getSpecBuilder().setPriority(before.getPriority());
        }
        if (policy) {
            builder.getSpecBuilder().setPreemptionPolicy(before.getPreemptionPolicy());
        }
        return builder.build();
    }

    private Pod prioritized(AdmissionRequest request, Pod pod) {
        String name = pod.getSpec().getPriorityClassName();
        PriorityClass found = name.isEmpty() ? standard() : named(request, name);
        int priority = found == null ? 0 : found.getValue();
        String policy = found == null || !found.hasPreemptionPolicy() ? PREEMPTS : found.getPreemptionPolicy();
        PodSpec spec = pod.getSpec();
        if (spec.hasPriority() && spec.getPriority() != priority) {
            throw refused(
                    request,
                    "the integer value of priority (" + spec.getPriority()
                            + ") must not be provided in pod spec; priority admission controller computed " + priority
                            + " from the given PriorityClass name");
        }
        if (spec.hasPreemptionPolicy() && !spec.getPreemptionPolicy().equals(policy)) {
            throw refused(
                    request,
                    "the string value of PreemptionPolicy (" + spec.getPreemptionPolicy()
                            + ") must not be provided in pod spec; priority admission controller computed " + policy
                            + " from the given PriorityClass name");
        }
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder().setPriority(priority).setPreemptionPolicy(policy);
        if (found != null) {
            builder.getSpecBuilder().setPriorityClassName(found.getMetadata().getName());
        }
        return builder.build();
    }

    private PriorityClass named(AdmissionRequest request, String name) {
        ObjectStorage storage = storages.of(CLASSES);
        Entry entry = storage.cache().get(name);
        if (entry == null) {
            entry = storage.get(name);
        }
        if (entry == null) {
            throw refused(request, "no PriorityClass with name " + name + " was found");
        }
        return (PriorityClass) entry.object();
    }

    /** The lowest of those marked as default, null for none. */
    private PriorityClass standard() {
        PriorityClass lowest = null;
        for (Entry entry : storages.of(CLASSES).cache().snapshot().list("")) {
            PriorityClass candidate = (PriorityClass) entry.object();
            if (candidate.getGlobalDefault() && (lowest == null || candidate.getValue() < lowest.getValue())) {
                lowest = candidate;
            }
        }
        return lowest;
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() == Operation.DELETE
                && request.isAbout("priorityclasses.scheduling.k8s.io")
                && request.name().startsWith(SYSTEM_PREFIX)) {
            throw ApiException.forbidden(
                    CLASSES.group(),
                    CLASSES.plural(),
                    request.name(),
                    "this is a system priority class and cannot be deleted");
        }
    }

    private static ApiException refused(AdmissionRequest request, String why) {
        return ApiException.forbidden("", "pods", request.name(), why);
    }
}
