package io.jollyboat.apiserver.authz;

import io.jollyboat.api.authorization.v1.FieldSelectorAttributes;
import io.jollyboat.api.meta.v1.FieldSelectorRequirement;
import java.util.ArrayList;
import java.util.List;

/**
 * A review's field selector in the form that requests have.
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
                    case "In" -> terms.add(requirement.getKey() + "=" + requirement.getValues(0));
                    case "NotIn" -> terms.add(requirement.getKey() + "!=" + requirement.getValues(0));
                    default -> {
                        // Counted as left out below.
                    }
                }
            }
        }
        return new SelectorText(String.join(",", terms), terms.size() < selector.getRequirementsCount());
    }
}
