package io.jollyboat.controllers.objects;

import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import java.util.Map;

/** A label selector, ready to match. One without requirements matches nothing: nobody means everything by it. */
public final class Selector {
    private final LabelSelector selector;

    private Selector(LabelSelector selector) {
        this.selector = selector;
    }

    public static Selector of(LabelSelector selector) {
        return new Selector(selector);
    }

    /** Equality with each label. */
    public static Selector of(Map<String, String> labels) {
        return new Selector(LabelSelector.newBuilder().putAllMatchLabels(labels).build());
    }

    public boolean isEmpty() {
        return selector.getMatchLabelsCount() == 0 && selector.getMatchExpressionsCount() == 0;
    }

    public boolean matches(Map<String, String> labels) {
        if (isEmpty()) {
            return false;
        }
        for (Map.Entry<String, String> wanted : selector.getMatchLabelsMap().entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (LabelSelectorRequirement requirement : selector.getMatchExpressionsList()) {
            if (!matches(requirement, labels.get(requirement.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(LabelSelectorRequirement requirement, String value) {
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValuesList().contains(value);
            case "NotIn" -> value == null || !requirement.getValuesList().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false; // validation keeps others out
        };
    }
}
