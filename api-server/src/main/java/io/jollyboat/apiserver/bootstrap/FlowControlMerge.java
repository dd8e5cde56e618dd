package io.jollyboat.apiserver.bootstrap;

import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.Set;

/** Brings flow schemas and priority levels back to their defaults where they are still the server's to change. */
final class FlowControlMerge {
    private static final String AUTOUPDATE = "apf.kubernetes.io/autoupdate-spec";
    private static final Set<String> MANDATORY = Set.of("exempt", "catch-all");

    private FlowControlMerge() {}

    static FlowSchema flowSchema(FlowSchema present, FlowSchema wanted) {
        return isOurs(present.getMetadata(), wanted.getMetadata().getName())
                ? present.toBuilder().setSpec(wanted.getSpec()).build()
                : present;
    }

    // Administrators may tune how much the exempt level lends.
    static PriorityLevelConfiguration priorityLevel(
            PriorityLevelConfiguration present, PriorityLevelConfiguration wanted) {
        if (!isOurs(present.getMetadata(), wanted.getMetadata().getName())) {
            return present;
        }
        if (wanted.getSpec().hasExempt() && present.getSpec().getType().equals("Exempt")) {
            return present;
        }
        return present.toBuilder().setSpec(wanted.getSpec()).build();
    }

    // Without the annotation upstream takes an object of generation 1 for its own.
    private static boolean isOurs(ObjectMeta present, String name) {
        if (MANDATORY.contains(name)) {
            return true;
        }
        String autoupdate = present.getAnnotationsMap().get(AUTOUPDATE);
        return autoupdate == null ? present.getGeneration() == 1 : autoupdate.equals("true");
    }
}
