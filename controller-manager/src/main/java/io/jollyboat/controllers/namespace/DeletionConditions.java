package io.jollyboat.controllers.namespace;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.NamespaceCondition;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a namespace in deletion says of the state of it; upstream's types, reasons and texts. Pure. */
final class DeletionConditions {
    private DeletionConditions() {}

    /**
     * The namespace with conditions that tell of the content.
     *
     * @param undiscovered groups and versions of which nobody knows what they hold here
     * @param complete whether all resources were looked at, or only the pods, which go first
     */
    static Namespace apply(
            Namespace namespace,
            Collection<Content> contents,
            List<String> undiscovered,
            boolean complete,
            Instant now) {
        Namespace.Builder result = namespace.toBuilder();
        for (NamespaceCondition.Builder condition : conditions(contents, undiscovered, complete)) {
            set(result, condition, now);
        }
        return result.build();
    }

    /** As upstream's clients word it. */
    static String discoveryError(List<String> undiscovered) {
        return "unable to retrieve the complete list of server APIs: "
                + undiscovered.stream()
                        .map(version -> version + ": stale GroupVersion discovery: " + version)
                        .collect(Collectors.joining(", "));
    }

    private static List<NamespaceCondition.Builder> conditions(
            Collection<Content> contents, List<String> undiscovered, boolean complete) {
        List<String> errors = contents.stream()
                .map(Content::error)
                .filter(error -> !error.isEmpty())
                .sorted()
                .toList();
        List<String> remaining = new ArrayList<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        if (complete) {
            for (Content content : contents) {
                if (content.remaining() > 0) {
                    remaining.add(content.type().plural() + "." + content.type().group() + " has " + content.remaining()
                            + " resource instances");
                }
                content.finalizers().forEach((name, count) -> finalizers.merge(name, count, Integer::sum));
            }
        }
        remaining.sort(null);
        List<String> byFinalizer = new ArrayList<>();
        finalizers.forEach((name, count) -> byFinalizer.add(name + " in " + count + " resource instances"));
        return List.of(
                undiscovered.isEmpty()
                        ? good(
                                "NamespaceDeletionDiscoveryFailure",
                                "ResourcesDiscovered",
                                "All resources successfully discovered")
                        : bad(
                                "NamespaceDeletionDiscoveryFailure",
                                "DiscoveryFailed",
                                "Discovery failed for some groups, " + undiscovered.size() + " failing: "
                                        + discoveryError(undiscovered)),
                good(
                        "NamespaceDeletionGroupVersionParsingFailure",
                        "ParsedGroupVersions",
                        "All legacy kube types successfully parsed"),
                errors.isEmpty()
                        ? good(
                                "NamespaceDeletionContentFailure",
                                "ContentDeleted",
                                "All content successfully deleted, may be waiting on finalization")
                        : bad(
                                "NamespaceDeletionContentFailure",
                                "ContentDeletionFailed",
                                "Failed to delete all resource types, " + errors.size() + " remaining: "
                                        + String.join(", ", errors)),
                remaining.isEmpty()
                        ? good("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
                        : bad(
                                "NamespaceContentRemaining",
                                "SomeResourcesRemain",
                                "Some resources are remaining: " + String.join(", ", remaining)),
                byFinalizer.isEmpty()
                        ? good(
                                "NamespaceFinalizersRemaining",
                                "ContentHasNoFinalizers",
                                "All content-preserving finalizers finished")
                        : bad(
                                "NamespaceFinalizersRemaining",
                                "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: "
                                        + String.join(", ", byFinalizer)));
    }

    private static NamespaceCondition.Builder good(String type, String reason, String message) {
        return NamespaceCondition.newBuilder()
                .setType(type)
                .setStatus("False")
                .setReason(reason)
                .setMessage(message);
    }

    private static NamespaceCondition.Builder bad(String type, String reason, String message) {
        return good(type, reason, message).setStatus("True");
    }

    private static void set(Namespace.Builder namespace, NamespaceCondition.Builder condition, Instant now) {
        condition.setLastTransitionTime(Times.time(now));
        for (int i = 0; i < namespace.getStatus().getConditionsCount(); i++) {
            NamespaceCondition present = namespace.getStatus().getConditions(i);
            if (present.getType().equals(condition.getType())) {
                if (present.getStatus().equals(condition.getStatus())) {
                    condition.setLastTransitionTime(present.getLastTransitionTime());
                }
                namespace.getStatusBuilder().setConditions(i, condition);
                return;
            }
        }
        namespace.getStatusBuilder().addConditions(condition);
    }
}
