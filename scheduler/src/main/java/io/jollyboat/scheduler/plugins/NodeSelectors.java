package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeSelector;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import java.util.List;
import java.util.Map;

/** Whether a node has what selector terms ask for. A requirement that makes no sense matches nothing. */
final class NodeSelectors {
    private NodeSelectors() {}

    /** One term is enough. */
    static boolean matches(NodeSelector selector, Node node) {
        for (NodeSelectorTerm term : selector.getNodeSelectorTermsList()) {
            if (matches(term, node)) {
                return true;
            }
        }
        return false;
    }

    /** All requirements must be met; a term without any matches nothing. */
    static boolean matches(NodeSelectorTerm term, Node node) {
        if (term.getMatchExpressionsCount() == 0 && term.getMatchFieldsCount() == 0) {
            return false;
        }
        Map<String, String> labels = node.getMetadata().getLabelsMap();
        for (NodeSelectorRequirement label : term.getMatchExpressionsList()) {
            if (!meets(label, labels.get(label.getKey()))) {
                return false;
            }
        }
        for (NodeSelectorRequirement field : term.getMatchFieldsList()) {
            boolean known = field.getKey().equals("metadata.name")
                    && field.getValuesCount() == 1
                    && (field.getOperator().equals("In") || field.getOperator().equals("NotIn"));
            if (!known || !meets(field, node.getMetadata().getName())) {
                return false;
            }
        }
        return true;
    }

    private static boolean meets(NodeSelectorRequirement requirement, String value) {
        List<String> values = requirement.getValuesList();
        return switch (requirement.getOperator()) {
            case "In" -> value != null && !values.isEmpty() && values.contains(value);
            case "NotIn" -> !values.isEmpty() && (value == null || !values.contains(value));
            case "Exists" -> value != null && values.isEmpty();
            case "DoesNotExist" -> value == null && values.isEmpty();
            case "Gt" -> values.size() == 1 && compare(value, values.getFirst()) > 0;
            case "Lt" -> values.size() == 1 && compare(value, values.getFirst()) < 0;
            default -> false;
        };
    }

    /** 0 also when one of them is no whole number, so that neither Gt nor Lt holds. */
    private static int compare(String value, String limit) {
        try {
            return value == null ? 0 : Long.compare(Long.parseLong(value), Long.parseLong(limit));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
