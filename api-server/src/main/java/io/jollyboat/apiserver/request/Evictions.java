package io.jollyboat.apiserver.request;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.api.policy.v1.Eviction;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.selectors.LabelSelectors;
import io.jollyboat.values.Times;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Deletes a pod if the disruption budgets allow it. */
final class Evictions {
    private static final ResourceType<PodDisruptionBudget> BUDGETS = Kinds.of(PodDisruptionBudget.class);
    private static final String REFUSAL = "Cannot evict pod as it would violate the pod's disruption budget.";

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final ObjectDeleter deleter;

    Evictions(
            Runtime runtime, ObjectStorages storages, ObjectReader reader, ObjectWriter writer, ObjectDeleter deleter) {
        this.runtime = runtime;
        this.storages = storages;
        this.reader = reader;
        this.writer = writer;
        this.deleter = deleter;
    }

    Status evict(Call call, Target target, Eviction eviction) {
        String name = eviction.getMetadata().getName();
        if (!name.isEmpty() && !name.equals(target.name())) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        Target pod = target.main();
        Pod present = (Pod) reader.get(pod, "").object();
        DeleteOptions options = eviction.getDeleteOptions();
        if (!countsForBudgets(present)) {
            deleter.deleteAdmitted(call, pod, options);
            return done();
        }
        List<Entry> budgets = budgets(present);
        if (budgets.size() > 1) {
            throw ApiException.of(
                    500,
                    "InternalError",
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        if (!budgets.isEmpty()) {
            take(call, budgets.getFirst(), present);
        }
        deleter.deleteAdmitted(call, pod, options);
        return done();
    }

    private static boolean countsForBudgets(Pod pod) {
        String phase = pod.getStatus().getPhase();
        return !phase.equals("Succeeded")
                && !phase.equals("Failed")
                && !phase.equals("Pending")
                && !pod.getMetadata().hasDeletionTimestamp();
    }

    private List<Entry> budgets(Pod pod) {
        return storages.of(BUDGETS).cache().snapshot().list(pod.getMetadata().getNamespace()).stream()
                .filter(entry -> covers((PodDisruptionBudget) entry.object(), pod))
                .toList();
    }

    /** A budget without a selector covers nothing. */
    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        return budget.getSpec().hasSelector()
                && LabelSelectors.of(budget.getSpec().getSelector())
                        .matches(pod.getMetadata().getLabelsMap());
    }

    private void take(Call call, Entry entry, Pod pod) {
        Target target = new Target(BUDGETS, entry.namespace(), entry.name(), "status");
        writer.update(call.untracked(), target, (ignored, old) -> {
            PodDisruptionBudget budget = (PodDisruptionBudget) old;
            ObjectMeta meta = budget.getMetadata();
            if (budget.getStatus().getObservedGeneration() < meta.getGeneration()) {
                throw refused("The disruption budget " + meta.getName() + " is still being processed by the server.");
            }
            if (budget.getStatus().getDisruptionsAllowed() <= 0) {
                throw refused("The disruption budget " + meta.getName() + " needs "
                        + budget.getStatus().getDesiredHealthy() + " healthy pods and has "
                        + budget.getStatus().getCurrentHealthy() + " currently");
            }
            PodDisruptionBudget.Builder builder = budget.toBuilder();
            builder.getStatusBuilder()
                    .setDisruptionsAllowed(budget.getStatus().getDisruptionsAllowed() - 1)
                    .putDisruptedPods(
                            pod.getMetadata().getName(),
                            Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS)));
            return builder.build();
        });
    }

    private static ApiException refused(String cause) {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(REFUSAL)
                .setReason("TooManyRequests")
                .setDetails(StatusDetails.newBuilder()
                        .addCauses(StatusCause.newBuilder()
                                .setReason("DisruptionBudget")
                                .setMessage(cause)))
                .setCode(429)
                .build());
    }

    static Status done() {
        return Status.newBuilder().setStatus("Success").setCode(201).build();
    }
}
