package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Pods that are not over, and what they ask for. */
final class PodEvaluator implements QuotaEvaluator {
    private static final String COUNT = CountEvaluator.name("pods");
    private static final String REQUESTS = "requests.";
    private static final String PAGES = "hugepages-";
    private static final String DEVICE_CLASS = "deviceclass.resource.kubernetes.io/";
    /** Of these each container must say how much it asks for, once they are limited. */
    private static final Set<String> TO_BE_NAMED =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    private static final Set<String> NAMES = with(
            TO_BE_NAMED, COUNT, "pods", "ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage");

    private final Supplier<Instant> clock;

    PodEvaluator(Supplier<Instant> clock) {
        this.clock = clock;
    }

    private static Set<String> with(Set<String> names, String... more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    @Override
    public boolean counts(String name) {
        return NAMES.contains(name)
                || name.startsWith(PAGES)
                || name.startsWith(REQUESTS + PAGES)
                || (name.startsWith(REQUESTS) && (!isNative(name) || name.startsWith(REQUESTS + DEVICE_CLASS)));
    }

    private static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    @Override
    public Map<String, Quantity> usage(Message object) {
        Pod pod = (Pod) object;
        Map<String, Quantity> usage = new TreeMap<>();
        usage.put(COUNT, CountEvaluator.ONE);
        if (isCharged(pod)) {
            usage.putAll(named(PodAmounts.requests(pod), PodAmounts.limits(pod)));
        }
        return usage;
    }

    /** A pod that is over, or should have gone long ago, keeps nobody from starting others. */
    private boolean isCharged(Pod pod) {
        String phase = pod.getStatus().getPhase();
        if (phase.equals("Failed") || phase.equals("Succeeded")) {
            return false;
        }
        if (pod.getMetadata().hasDeletionTimestamp() && pod.getMetadata().hasDeletionGracePeriodSeconds()) {
            Instant end = Times.instant(pod.getMetadata().getDeletionTimestamp())
                    .plusSeconds(pod.getMetadata().getDeletionGracePeriodSeconds());
            return !clock.get().isAfter(end);
        }
        return true;
    }

    /** Under the names that quotas use. */
    private static Map<String, Quantity> named(Map<String, Quantity> requests, Map<String, Quantity> limits) {
        Map<String, Quantity> named = new HashMap<>();
        named.put("pods", CountEvaluator.ONE);
        requests.forEach((name, amount) -> {
            if (name.equals("cpu")
                    || name.equals("memory")
                    || name.equals("ephemeral-storage")
                    || name.startsWith(PAGES)) {
                named.put(name, amount);
                named.put(REQUESTS + name, amount);
            } else if (isExtended(name) || name.startsWith(DEVICE_CLASS)) {
                named.put(REQUESTS + name, amount);
            }
        });
        limits.forEach((name, amount) -> {
            if (name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage")) {
                named.put("limits." + name, amount);
            }
        });
        return named;
    }

    private static boolean isExtended(String name) {
        return !isNative(name) && !name.startsWith(REQUESTS);
    }

    @Override
    public String missing(Set<String> limited, Message object) {
        Pod pod = (Pod) object;
        Set<String> required = new TreeSet<>(limited);
        required.retainAll(TO_BE_NAMED);
        if (required.isEmpty() || PodAmounts.asksAsWhole(pod)) {
            return "";
        }
        List<Container> containers = new ArrayList<>(pod.getSpec().getContainersList());
        containers.addAll(pod.getSpec().getInitContainersList());
        List<String> parts = new ArrayList<>();
        for (String name : required) {
            Set<String> silent = new TreeSet<>();
            for (Container container : containers) {
                ResourceRequirements asked = container.getResources();
                if (!named(asked.getRequestsMap(), asked.getLimitsMap()).containsKey(name)) {
                    silent.add(container.getName());
                }
            }
            if (!silent.isEmpty()) {
                parts.add(name + " for: " + String.join(",", silent));
            }
        }
        return parts.isEmpty() ? "" : "must specify " + String.join("; ", parts);
    }

    @Override
    public boolean concerns(String subresource, Message object, Message old) {
        return switch (subresource) {
            case "" -> old == null || isTerminating((Pod) object) != isTerminating((Pod) old);
            case "resize" -> old != null;
            default -> false;
        };
    }

    @Override
    public boolean frees(Message before, Message after) {
        Pod one = (Pod) before;
        Pod other = (Pod) after;
        return (isCharged(one) && !isCharged(other))
                || isTerminating(one) != isTerminating(other)
                || !PodAmounts.requests(one).equals(PodAmounts.requests(other))
                || !PodAmounts.limits(one).equals(PodAmounts.limits(other));
    }

    @Override
    public boolean inScope(ScopedResourceSelectorRequirement scope, Message object) {
        Pod pod = (Pod) object;
        return switch (scope.getScopeName()) {
            case "Terminating" -> isTerminating(pod);
            case "NotTerminating" -> !isTerminating(pod);
            case "BestEffort" -> isBestEffort(pod);
            case "NotBestEffort" -> !isBestEffort(pod);
            case "PriorityClass" -> Scopes.matches(scope, priorityClass(pod.getSpec()));
            case "CrossNamespacePodAffinity" -> Affinities.crossNamespaces(pod.getSpec());
            default -> false;
        };
    }

    private static Set<String> priorityClass(PodSpec spec) {
        return spec.getPriorityClassName().isEmpty() ? Set.of() : Set.of(spec.getPriorityClassName());
    }

    /** It ends by a time limit of its own. */
    private static boolean isTerminating(Pod pod) {
        return pod.getSpec().hasActiveDeadlineSeconds() && pod.getSpec().getActiveDeadlineSeconds() >= 0;
    }

    private static boolean isBestEffort(Pod pod) {
        String known = pod.getStatus().getQosClass();
        return (known.isEmpty() ? PodQos.of(pod.getSpec()) : known).equals("BestEffort");
    }
}
