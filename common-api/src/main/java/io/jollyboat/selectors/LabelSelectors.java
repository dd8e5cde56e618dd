package io.jollyboat.selectors;

import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.selectors.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Makes label matchers from their text, from LabelSelector messages and from maps. */
public final class LabelSelectors {
    private LabelSelectors() {}

    public static LabelMatcher everything() {
        return LabelMatcher.EVERYTHING;
    }

    public static LabelMatcher nothing() {
        return LabelMatcher.NOTHING;
    }

    /**
     * Reads the text form, such as {@code app=web,tier notin (cache)}.
     *
     * @throws IllegalArgumentException with upstream's text
     */
    public static LabelMatcher parse(String text) {
        return text.isEmpty() ? LabelMatcher.EVERYTHING : new LabelSelectorParser(text).parse();
    }

    /** All labels equal; an empty map matches everything. */
    public static LabelMatcher of(Map<String, String> labels) {
        List<LabelRequirement> requirements = new ArrayList<>();
        labels.forEach((key, value) -> requirements.add(new LabelRequirement(key, Operator.EQUALS, List.of(value))));
        return sorted(requirements);
    }

    /**
     * An empty selector matches everything. (An absent one, which upstream treats as matching nothing, is the caller's
     * to tell.)
     *
     * @throws IllegalArgumentException where an operator is unknown
     */
    public static LabelMatcher of(LabelSelector selector) {
        List<LabelRequirement> requirements = new ArrayList<>();
        selector.getMatchLabelsMap()
                .forEach((key, value) -> requirements.add(new LabelRequirement(key, Operator.EQUALS, List.of(value))));
        for (LabelSelectorRequirement expression : selector.getMatchExpressionsList()) {
            requirements.add(new LabelRequirement(
                    expression.getKey(), operator(expression.getOperator()), expression.getValuesList()));
        }
        return sorted(requirements);
    }

    /** The text form of a LabelSelector message, as in a scale subresource. */
    public static String format(LabelSelector selector) {
        return of(selector).toString();
    }

    private static Operator operator(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> throw new IllegalArgumentException("\"" + name + "\" is not a valid label selector operator");
        };
    }

    private static LabelMatcher sorted(List<LabelRequirement> requirements) {
        if (requirements.isEmpty()) {
            return LabelMatcher.EVERYTHING;
        }
        requirements.sort(Comparator.comparing(LabelRequirement::key));
        return new LabelMatcher(List.copyOf(requirements), false);
    }
}
