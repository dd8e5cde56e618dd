package io.jollyboat.apiserver.authz;

import io.jollyboat.api.authorization.v1.FieldSelectorAttributes;
import io.jollyboat.api.authorization.v1.LabelSelectorAttributes;
import io.jollyboat.api.meta.v1.FieldSelectorRequirement;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.selectors.LabelSelectors;
import java.util.ArrayList;
import java.util.List;

/**
 * A review's selector in the form that requests have.
 *
 * @param partial whether something in it could not be understood and was left out, which makes the question broader
 */
record SelectorText(String text, boolean partial) {
    static SelectorText of(FieldSelectorAttributes selector) {
        if (!selector.getRawSelector().isEmpty()) {
            for (String term : selector.getRawSelector().split(",")) {
                if (!term.isEmpty() && term.indexOf('=') < 1) {
                    return new SelectorText("", true);
                }
            }
            return new SelectorText(selector.getRawSelector(), false);
        }
        List<String> terms = new ArrayList<>();
        for (FieldSelectorRequirement requirement : selector.getRequirementsList()) {
            if (requirement.getValuesCount() == 1) {
                switch (requirement.getOperator()) {
                    case "In" -> terms.add(requirement.getKey() + "=" + escaped(requirement.getValues(0)));
                    case "NotIn" -> terms.add(requirement.getKey() + "!=" + escaped(requirement.getValues(0)));
                    default -> {
                        // Counted as left out below.
                    }
                }
            }
        }
        return new SelectorText(String.join(",", terms), terms.size() < selector.getRequirementsCount());
    }

    /** A value cannot add a term of its own. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }

    static SelectorText of(LabelSelectorAttributes selector) {
        if (!selector.getRawSelector().isEmpty()) {
            return isReadable(selector.getRawSelector())
                    ? new SelectorText(selector.getRawSelector(), false)
                    : new SelectorText("", true);
        }
        List<String> terms = new ArrayList<>();
        for (LabelSelectorRequirement requirement : selector.getRequirementsList()) {
            String values = " (" + String.join(",", requirement.getValuesList()) + ")";
            String term = switch (requirement.getOperator()) {
                case "In" -> requirement.getKey() + " in" + values;
                case "NotIn" -> requirement.getKey() + " notin" + values;
                case "Exists" -> requirement.getKey();
                case "DoesNotExist" -> "!" + requirement.getKey();
                default -> "";
            };
            if (!term.isEmpty() && isReadable(term) && isWhole(requirement)) {
                terms.add(term);
            }
        }
        return new SelectorText(String.join(",", terms), terms.size() < selector.getRequirementsCount());
    }

    private static boolean isWhole(LabelSelectorRequirement requirement) {
        boolean valued = requirement.getOperator().equals("In")
                || requirement.getOperator().equals("NotIn");
        return valued == (requirement.getValuesCount() > 0)
                && requirement.getValuesList().stream().noneMatch(value -> value.matches(".*[,() ].*"));
    }

    private static boolean isReadable(String text) {
        try {
            return LabelSelectors.parse(text).requirements().size() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
