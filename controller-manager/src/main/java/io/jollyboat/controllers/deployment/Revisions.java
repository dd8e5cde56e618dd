package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The annotations in which a deployment and its ReplicaSets keep the rollout's history and sizes. */
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";
    static final String ROLLBACK_TO = "deprecated.deployment.rollback.to";

    private static final int HISTORY_LIMIT_CHARS = 2000;
    private static final Set<String> NOT_COPIED =
            Set.of("kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAX, ROLLBACK_TO);

    /** Oldest first. */
    static final Comparator<ReplicaSet> BY_CREATION = Comparator.comparingLong(
                    (ReplicaSet rs) -> rs.getMetadata().getCreationTimestamp().getSeconds())
            .thenComparing(rs -> rs.getMetadata().getName());

    /** Lowest revision first. */
    static final Comparator<ReplicaSet> BY_REVISION = (a, b) -> {
        OptionalLong ra = revision(a);
        OptionalLong rb = revision(b);
        return ra.isEmpty() || rb.isEmpty() || ra.getAsLong() == rb.getAsLong()
                ? BY_CREATION.compare(a, b)
                : Long.compare(ra.getAsLong(), rb.getAsLong());
    };

    private Revisions() {}

    /** Zero without the annotation; empty when it is no number. */
    static OptionalLong revision(ReplicaSet rs) {
        return parse(rs.getMetadata().getAnnotationsOrDefault(REVISION, ""));
    }

    static long max(Collection<ReplicaSet> sets) {
        return sets.stream().mapToLong(rs -> revision(rs).orElse(0)).max().orElse(0);
    }

    /** The second highest. */
    static long last(Collection<ReplicaSet> sets) {
        List<Long> sorted = new ArrayList<>(
                sets.stream().flatMap(rs -> revision(rs).stream().boxed()).toList());
        sorted.sort(Comparator.reverseOrder());
        return sorted.size() < 2 ? 0 : sorted.get(1);
    }

    /** The replicas that the deployment wanted when the ReplicaSet was last sized. */
    static OptionalLong desired(ReplicaSet rs) {
        return size(rs, DESIRED);
    }

    /** As {@link #desired}, with the surge. */
    static OptionalLong max(ReplicaSet rs) {
        return size(rs, MAX);
    }

    private static OptionalLong size(ReplicaSet rs, String annotation) {
        String text = rs.getMetadata().getAnnotationsOrDefault(annotation, "");
        OptionalLong value = text.isEmpty() ? OptionalLong.empty() : parse(text);
        return value.isPresent() && (value.getAsLong() < 0 || value.getAsLong() > Integer.MAX_VALUE)
                ? OptionalLong.empty()
                : value;
    }

    private static OptionalLong parse(String text) {
        if (text.isEmpty()) {
            return OptionalLong.of(0);
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * The ReplicaSet of the deployment's present template with the annotations that are due: the deployment's own, and
     * the revision, unless it has a higher one already. An earlier revision of its own goes into its history.
     */
    static ReplicaSet annotate(ReplicaSet rs, Deployment deployment, long newRevision) {
        ReplicaSet.Builder result = rs.toBuilder();
        deployment.getMetadata().getAnnotationsMap().forEach((key, value) -> {
            if (!NOT_COPIED.contains(key)) {
                result.getMetadataBuilder().putAnnotations(key, value);
            }
        });
        OptionalLong old = revision(rs);
        if (old.isEmpty()) {
            return rs; // not ours to judge
        }
        if (old.getAsLong() < newRevision) {
            result.getMetadataBuilder().putAnnotations(REVISION, Long.toString(newRevision));
            if (rs.getMetadata().containsAnnotations(REVISION)) {
                remember(result, rs.getMetadata().getAnnotationsOrThrow(REVISION));
            }
        }
        return result.build();
    }

    private static void remember(ReplicaSet.Builder rs, String revision) {
        String history = rs.getMetadata().getAnnotationsOrDefault(HISTORY, "");
        if (history.isEmpty()) {
            rs.getMetadataBuilder().putAnnotations(HISTORY, revision);
            return;
        }
        String all = history + "," + revision;
        while (all.length() > HISTORY_LIMIT_CHARS && all.contains(",")) {
            all = all.substring(all.indexOf(',') + 1);
        }
        if (all.length() <= HISTORY_LIMIT_CHARS) {
            rs.getMetadataBuilder().putAnnotations(HISTORY, all);
        }
    }

    static ReplicaSet withSizes(ReplicaSet rs, Bounds bounds) {
        ReplicaSet.Builder result = rs.toBuilder();
        result.getMetadataBuilder()
                .putAnnotations(DESIRED, Integer.toString(bounds.desired()))
                .putAnnotations(MAX, Integer.toString(bounds.maxTotal()));
        return result.build();
    }

    /** The deployment's annotations after a rollback to the ReplicaSet, without the request for it. */
    static void rollBackAnnotations(Deployment.Builder deployment, ReplicaSet to) {
        Map<String, String> before = deployment.getMetadata().getAnnotationsMap();
        deployment.getMetadataBuilder().clearAnnotations();
        before.forEach((key, value) -> {
            if (NOT_COPIED.contains(key)) {
                deployment.getMetadataBuilder().putAnnotations(key, value);
            }
        });
        to.getMetadata().getAnnotationsMap().forEach((key, value) -> {
            if (!NOT_COPIED.contains(key)) {
                deployment.getMetadataBuilder().putAnnotations(key, value);
            }
        });
    }
}
