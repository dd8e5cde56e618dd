package io.jollyboat.apiserver.admission.podsecurity;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is to be said of the pods of a namespace that is held to more than before. */
final class PresentPods {
    private static final int MOST = 3_000;
    private static final long LIMIT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final Standards standards;
    private final List<String> exemptRuntimes;

    PresentPods(Runtime runtime, ObjectStorages storages, Standards standards, List<String> exemptRuntimes) {
        this.exemptRuntimes = exemptRuntimes;
        this.runtime = runtime;
        this.storages = storages;
        this.standards = standards;
    }

    private static final class Count {
        private String first;
        private int pods;
    }

    List<String> warnings(String namespace, LevelVersion enforce) {
        List<Pod> pods = differentFirst(
                storages.of(Kinds.of(Pod.class)).cache().snapshot().list(namespace));
        Map<String, Count> counts = new HashMap<>();
        long begin = runtime.nanoTime();
        int looked = 0;
        for (Pod pod : pods) {
            if (looked == MOST || runtime.nanoTime() - begin > LIMIT_NANOS) {
                break;
            }
            looked++;
            List<Violation> violations =
                    standards.violations(enforce, PodView.of(pod.getMetadata().getAnnotationsMap(), pod.getSpec()));
            if (!violations.isEmpty()) {
                count(counts.computeIfAbsent(Violation.reasons(violations), reasons -> new Count()), pod);
            }
        }
        List<String> warnings = new ArrayList<>();
        if (looked < pods.size()) {
            warnings.add("new PodSecurity enforce level only checked against the first " + looked + " of " + pods.size()
                    + " existing pods");
        }
        if (!counts.isEmpty()) {
            warnings.add("existing pods in namespace \"" + namespace + "\" violate the new PodSecurity enforce level \""
                    + enforce + "\"");
        }
        counts.entrySet().stream()
                .map(count -> text(count.getValue(), count.getKey()))
                .sorted()
                .forEach(warnings::add);
        return warnings;
    }

    private static void count(Count count, Pod pod) {
        String name = pod.getMetadata().getName();
        if (count.first == null || name.compareTo(count.first) < 0) {
            count.first = name;
        }
        count.pods++;
    }

    private static String text(Count count, String reasons) {
        String others = switch (count.pods) {
            case 1 -> "";
            case 2 -> " (and 1 other pod)";
            default -> " (and " + (count.pods - 1) + " other pods)";
        };
        return count.first + others + ": " + reasons;
    }

    /** One pod of each owner before more of the same. */
    private List<Pod> differentFirst(List<Entry> entries) {
        List<Pod> first = new ArrayList<>();
        List<Pod> more = new ArrayList<>();
        Set<String> owners = new HashSet<>();
        for (Entry entry : entries) {
            Pod pod = (Pod) entry.object();
            if (pod.getSpec().hasRuntimeClassName()
                    && exemptRuntimes.contains(pod.getSpec().getRuntimeClassName())) {
                continue;
            }
            boolean seen = pod.getMetadata().getOwnerReferencesList().stream()
                    .filter(OwnerReference::getController)
                    .findFirst()
                    .map(owner -> !owners.add(owner.getUid()))
                    .orElse(false);
            (seen ? more : first).add(pod);
        }
        first.addAll(more);
        return first;
    }
}
