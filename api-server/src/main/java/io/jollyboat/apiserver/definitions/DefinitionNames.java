package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.apiserver.custom.CustomDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of a definition's names it may have, given those that others of its group have. Pure.
 *
 * @param accepted the names it has from now on
 * @param conditions NamesAccepted and Established, without their times
 */
record DefinitionNames(CustomResourceDefinitionNames accepted, List<CustomResourceDefinitionCondition> conditions) {
    /** @param group all definitions of the group, this one too */
    static DefinitionNames decide(CustomResourceDefinition definition, Collection<CustomResourceDefinition> group) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (CustomResourceDefinition other : group) {
            CustomResourceDefinitionNames names = other.getStatus().getAcceptedNames();
            resources.add(names.getPlural());
            resources.add(names.getSingular());
            resources.addAll(names.getShortNamesList());
            kinds.add(names.getKind());
            kinds.add(names.getListKind());
        }
        CustomResourceDefinitionNames wanted = definition.getSpec().getNames();
        CustomResourceDefinitionNames had = definition.getStatus().getAcceptedNames();
        CustomResourceDefinitionNames.Builder accepted = had.toBuilder();
        Conflict conflict = new Conflict();
        if (conflict.free("Plural", wanted.getPlural(), had.getPlural(), resources)) {
            accepted.setPlural(wanted.getPlural());
        }
        if (conflict.free("Singular", wanted.getSingular(), had.getSingular(), resources)) {
            accepted.setSingular(wanted.getSingular());
        }
        shortNames(wanted, had, accepted, resources, conflict);
        if (conflict.free("Kind", wanted.getKind(), had.getKind(), kinds)) {
            accepted.setKind(wanted.getKind());
        }
        if (conflict.free("ListKind", wanted.getListKind(), had.getListKind(), kinds)) {
            accepted.setListKind(wanted.getListKind());
        }
        accepted.clearCategories().addAllCategories(wanted.getCategoriesList());
        CustomResourceDefinitionCondition naming = conflict.condition();
        return new DefinitionNames(accepted.build(), List.of(naming, established(definition, naming)));
    }

    private static void shortNames(
            CustomResourceDefinitionNames wanted,
            CustomResourceDefinitionNames had,
            CustomResourceDefinitionNames.Builder accepted,
            Set<String> used,
            Conflict conflict) {
        if (wanted.getShortNamesList().equals(had.getShortNamesList())) {
            return;
        }
        List<String> taken = wanted.getShortNamesList().stream()
                .filter(name -> !had.getShortNamesList().contains(name) && used.contains(name))
                .map(Conflict::text)
                .distinct()
                .toList();
        if (taken.isEmpty()) {
            accepted.clearShortNames().addAllShortNames(wanted.getShortNamesList());
        } else {
            String all = String.join(", ", taken);
            conflict.found("ShortNames", taken.size() > 1 ? "[" + all + "]" : all);
        }
    }

    private static CustomResourceDefinitionCondition established(
            CustomResourceDefinition definition, CustomResourceDefinitionCondition naming) {
        CustomResourceDefinitionCondition present = CustomDefinition.condition(definition, "Established")
                .orElse(condition("Established", "False", "NotAccepted", "not all names are accepted"));
        return !present.getStatus().equals("True") && naming.getStatus().equals("True")
                ? condition("Established", "False", "Installing", "the initial names have been accepted")
                : present;
    }

    static CustomResourceDefinitionCondition condition(String type, String status, String reason, String message) {
        return CustomResourceDefinitionCondition.newBuilder()
                .setType(type)
                .setStatus(status)
                .setReason(reason)
                .setMessage(message)
                .build();
    }

    /** Remembers the last name that is taken. */
    private static final class Conflict {
        private final List<String> reason = new ArrayList<>();

        boolean free(String what, String wanted, String had, Set<String> used) {
            if (wanted.equals(had) || !used.contains(wanted)) {
                return true;
            }
            found(what, text(wanted));
            return false;
        }

        static String text(String name) {
            return "\"" + name + "\" is already in use";
        }

        void found(String what, String message) {
            reason.clear();
            reason.add(what + "Conflict");
            reason.add(message);
        }

        CustomResourceDefinitionCondition condition() {
            return reason.isEmpty()
                    ? DefinitionNames.condition("NamesAccepted", "True", "NoConflicts", "no conflicts found")
                    : DefinitionNames.condition("NamesAccepted", "False", reason.get(0), reason.get(1));
        }
    }
}
