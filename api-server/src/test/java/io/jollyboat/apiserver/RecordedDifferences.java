package io.jollyboat.apiserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The recorded requests that we answer otherwise than upstream, each with its reason. */
final class RecordedDifferences {
    /** Upstream walks a map of Go here, whose order is never the same; ours is sorted. */
    static final Set<String> UNORDERED = Set.of(
            "create/v1/pods/label-key-prefix",
            "create/v1/pods/label-value-bad",
            "create/v1/configmaps/key-dots",
            "create/v1/resourcequotas/hard-name-bad",
            "create/apiextensions.k8s.io/v1/customresourcedefinitions/type-bad",
            "cr/multi");

    static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        because(
                "a message does not know an empty list or map from none, so the text has null or nothing",
                "create/autoscaling/v2/horizontalpodautoscalers/behavior-bad",
                "update/customresourcedefinitions/norule",
                "update/deployments/tpl-labels",
                "update/resourceclaims/spec",
                "update/resourceclaimtemplates/spec");
        because(
                "the object is part of the text, with fields that only a running controller or managedFields set",
                "create/authorization.k8s.io/v1/selfsubjectaccessreviews/with-name",
                "update/deployments/replicas-str",
                "scale/patch-str");
        because(
                "upstream warns of the old annotation for AppArmor before it refuses it",
                "create/v1/pods/apparmor-annot-bad");
        because("the ports of health checks are not kept apart from node ports", "real/svc/hcnp-taken");
        because(
                "upstream compares the decoded data with the encoded, and finds them different always",
                "update/controllerrevisions/revision");
    }

    private RecordedDifferences() {}

    private static void because(String reason, String... ids) {
        List.of(ids).forEach(id -> REASONS.put(id, reason));
    }
}
