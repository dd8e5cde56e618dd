package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.quota.Amounts;
import io.jollyboat.quota.PodAmounts;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Refuses a resize that the pod's node could never hold, or that its system does not know. */
public final class PodResizeValidator implements AdmissionPlugin {
    private static final String OS = "kubernetes.io/os";

    private final CachedObjects<Node> nodes;

    public PodResizeValidator(ObjectStorages storages) {
        this.nodes = new CachedObjects<>(storages, Node.class);
    }

    @Override
    public String name() {
        return "PodResizeValidator";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (!request.subresource().equals("resize") || !BoundPods.isChanged(request, object)) {
            return;
        }
        Pod pod = (Pod) object;
        Refusal refusal = new Refusal(request, object);
        Node node = BoundPods.node(nodes, pod, refusal);
        String system = node.getMetadata().getLabelsOrDefault(OS, "linux");
        if (!system.equals("linux")) {
            throw because(
                    refusal,
                    "pod resize is only supported on linux nodes, node \""
                            + node.getMetadata().getName() + "\" is \"" + system + "\"",
                    "UnsupportedPlatform");
        }
        List<String> missing = missing(pod, node.getStatus().getAllocatableMap());
        if (!missing.isEmpty()) {
            throw because(
                    refusal,
                    "node didn't have enough allocatable resources: " + String.join("; ", missing),
                    "NodeCapacity");
        }
    }

    private static List<String> missing(Pod pod, Map<String, Quantity> allocatable) {
        Map<String, Quantity> requests =
                Amounts.add(PodAmounts.specRequests(pod), pod.getSpec().getOverheadMap());
        Quantity zero = Quantities.zero();
        List<String> missing = new ArrayList<>();
        Quantity cpu = requests.getOrDefault("cpu", zero);
        Quantity cpus = allocatable.getOrDefault("cpu", zero);
        if (Quantities.compare(cpu, cpus) > 0) {
            missing.add(
                    "cpu, requested: " + Quantities.milliValue(cpu) + ", allocatable: " + Quantities.milliValue(cpus));
        }
        Quantity memory = requests.getOrDefault("memory", zero);
        Quantity all = allocatable.getOrDefault("memory", zero);
        if (Quantities.compare(memory, all) > 0) {
            missing.add("memory, requested: " + Quantities.value(memory) + ", allocatable: " + Quantities.value(all));
        }
        return missing;
    }

    private static ApiException because(Refusal refusal, String message, String cause) {
        Status status = refusal.because(message).status();
        StatusDetails details = status.getDetails().toBuilder()
                .addCauses(StatusCause.newBuilder().setReason(cause))
                .build();
        return new ApiException(status.toBuilder().setDetails(details).build());
    }
}
