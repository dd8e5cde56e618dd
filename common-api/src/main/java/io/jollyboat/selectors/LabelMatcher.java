package io.jollyboat.selectors;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A label selector that is ready to match; no requirements match everything.
 *
 * @param nothing true for the selector that matches no object at all
 */
public record LabelMatcher(List<LabelRequirement> requirements, boolean nothing) {
    static final LabelMatcher EVERYTHING = new LabelMatcher(List.of(), false);
    static final LabelMatcher NOTHING = new LabelMatcher(List.of(), true);

    public boolean matches(Map<String, String> labels) {
        if (nothing) {
            return false;
        }
        for (LabelRequirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return !nothing && requirements.isEmpty();
    }

    /** The only value a label may have, where the selector says so: for indexes. */
    public Optional<String> exactValue(String key) {
        return requirements.stream()
                .filter(requirement -> requirement.key().equals(key)
                        && requirement.operator().isEquality()
                        && requirement.values().size() == 1)
                .map(requirement -> requirement.values().getFirst())
                .findFirst();
    }

    /** The text form, as in a URL. */
    @Override
    public String toString() {
        return requirements.stream().map(LabelRequirement::toString).collect(Collectors.joining(","));
    }
}
