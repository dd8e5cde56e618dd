package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodSchedulingGate;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Little of a pod may change once it is there. */
final class PodUpdateRules {
    private static final String ALLOWED = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously"
            + " negative)";

    private PodUpdateRules() {}

    static void check(Errors errors, PodSpec spec, PodSpec old) {
        if (count(errors, spec.getContainersList(), old.getContainersList(), "spec.containers")
                || count(errors, spec.getInitContainersList(), old.getInitContainersList(), "spec.initContainers")) {
            return;
        }
        if (deadline(errors, spec, old)) {
            return;
        }
        tolerations(errors, spec, old);
        Set<String> gates = new HashSet<>();
        old.getSchedulingGatesList().forEach(gate -> gates.add(gate.getName()));
        for (int i = 0; i < spec.getSchedulingGatesCount(); i++) {
            PodSchedulingGate gate = spec.getSchedulingGates(i);
            if (!gates.contains(gate.getName())) {
                errors.forbidden(
                        "spec.schedulingGates[" + i + "].name",
                        "only deletion is allowed, but found new scheduling gate '" + gate.getName() + "'");
            }
        }
        if (old.getSchedulingGatesCount() > 0) {
            PodGateRules.check(errors, spec, old);
        }
        if (!munged(spec, old).equals(old)) {
            errors.forbidden("spec", ALLOWED + "\n" + SpecDiff.of(old, munged(spec, old)));
        }
    }

    /** The new spec with what may change set back. */
    private static PodSpec munged(PodSpec spec, PodSpec old) {
        PodSpec.Builder munged = spec.toBuilder();
        for (int i = 0; i < munged.getContainersCount(); i++) {
            munged.getContainersBuilder(i).setImage(old.getContainers(i).getImage());
        }
        for (int i = 0; i < munged.getInitContainersCount(); i++) {
            munged.getInitContainersBuilder(i).setImage(old.getInitContainers(i).getImage());
        }
        munged.clearActiveDeadlineSeconds()
                .clearSchedulingGates()
                .addAllSchedulingGates(old.getSchedulingGatesList())
                .clearTolerations()
                .addAllTolerations(old.getTolerationsList());
        if (old.hasActiveDeadlineSeconds()) {
            munged.setActiveDeadlineSeconds(old.getActiveDeadlineSeconds());
        }
        if (old.getTerminationGracePeriodSeconds() < 0 && spec.getTerminationGracePeriodSeconds() == 1) {
            munged.setTerminationGracePeriodSeconds(old.getTerminationGracePeriodSeconds());
        }
        if (old.getSchedulingGatesCount() > 0) {
            PodGateRules.restore(munged, old);
        }
        return munged.build();
    }

    private static boolean count(Errors errors, List<Container> now, List<Container> before, String path) {
        if (now.size() != before.size()) {
            errors.forbidden(path, "pod updates may not add or remove containers");
            return true;
        }
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).getImage().isEmpty()) {
                errors.required(path + "[" + i + "].image");
            }
        }
        return false;
    }

    private static boolean deadline(Errors errors, PodSpec spec, PodSpec old) {
        String path = "spec.activeDeadlineSeconds";
        if (!spec.hasActiveDeadlineSeconds()) {
            if (old.hasActiveDeadlineSeconds()) {
                errors.invalid(path, Errors.bare("null"), "must not update from a positive integer to nil value");
            }
            return false;
        }
        long seconds = spec.getActiveDeadlineSeconds();
        if (seconds < 0 || seconds > Integer.MAX_VALUE) {
            errors.invalid(path, seconds, Names.inRange(seconds, 0, Integer.MAX_VALUE));
            return true;
        }
        if (old.hasActiveDeadlineSeconds() && old.getActiveDeadlineSeconds() < seconds) {
            errors.invalid(path, seconds, "must be less than or equal to previous value");
            return true;
        }
        return false;
    }

    private static void tolerations(Errors errors, PodSpec spec, PodSpec old) {
        for (Toleration before : old.getTolerationsList()) {
            boolean kept = spec.getTolerationsList().stream()
                    .anyMatch(now -> now.toBuilder()
                            .clearTolerationSeconds()
                            .build()
                            .equals(before.toBuilder().clearTolerationSeconds().build()));
            if (!kept) {
                errors.forbidden(
                        "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
        SchedulingRules.tolerations(errors, spec.getTolerationsList(), "spec.tolerations");
    }
}
