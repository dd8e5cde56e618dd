package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.api.node.v1.RuntimeClass;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a pod's runtime class costs, and where it is to be had. */
public final class RuntimeClassAdmission implements AdmissionPlugin {
    private final CachedObjects<RuntimeClass> classes;

    public RuntimeClassAdmission(ObjectStorages storages) {
        this.classes = new CachedObjects<>(storages, RuntimeClass.class);
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("pods")) {
            return object;
        }
        Pod pod = (Pod) object;
        RuntimeClass found = runtimeClass(request, pod);
        if (found == null || !(found.hasOverhead() || found.hasScheduling())) {
            return pod;
        }
        Pod.Builder builder = pod.toBuilder();
        PodSpec.Builder spec = builder.getSpecBuilder();
        if (found.hasOverhead()) {
            Map<String, Quantity> overhead = found.getOverhead().getPodFixedMap();
            if (spec.getOverheadCount() > 0 && !same(overhead, spec.getOverheadMap())) {
                throw mismatch(request, pod);
            }
            spec.clearOverhead().putAllOverhead(overhead);
        }
        if (found.hasScheduling()) {
            select(request, pod, spec, new TreeMap<>(found.getScheduling().getNodeSelectorMap()));
            List<Toleration> merged = MergedTolerations.of(
                    spec.getTolerationsList(), found.getScheduling().getTolerationsList());
            spec.clearTolerations().addAllTolerations(merged);
        }
        return builder.build();
    }

    private static void select(
            AdmissionRequest request, Pod pod, PodSpec.Builder spec, Map<String, String> nodeSelector) {
        nodeSelector.forEach((key, value) -> {
            String present = spec.getNodeSelectorOrDefault(key, value);
            if (!present.equals(value)) {
                throw new Refusal(request, pod)
                        .because("conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value
                                + "; pod.spec.nodeSelector[" + key + "] = " + present);
            }
            spec.putNodeSelector(key, value);
        });
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("pods")) {
            return;
        }
        Pod pod = (Pod) object;
        RuntimeClass found = runtimeClass(request, pod);
        if (found != null && found.hasOverhead()) {
            if (!same(found.getOverhead().getPodFixedMap(), pod.getSpec().getOverheadMap())) {
                throw mismatch(request, pod);
            }
        } else if (pod.getSpec().getOverheadCount() > 0) {
            throw new Refusal(request, pod)
                    .because("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
    }

    private RuntimeClass runtimeClass(AdmissionRequest request, Pod pod) {
        if (!pod.getSpec().hasRuntimeClassName()) {
            return null;
        }
        String name = pod.getSpec().getRuntimeClassName();
        RuntimeClass found = classes.find(name);
        if (found == null) {
            throw new Refusal(request, pod).because("pod rejected: RuntimeClass \"" + name + "\" not found");
        }
        return found;
    }

    private static RuntimeException mismatch(AdmissionRequest request, Pod pod) {
        return new Refusal(request, pod)
                .because("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }

    private static boolean same(Map<String, Quantity> left, Map<String, Quantity> right) {
        return left.keySet().equals(right.keySet())
                && left.entrySet().stream()
                        .allMatch(entry -> Quantities.compare(entry.getValue(), right.get(entry.getKey())) == 0);
    }
}
