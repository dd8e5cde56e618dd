package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.NodeAffinity;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.TopologySelectorTerm;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Labels of nodes that got other names. */
final class NodeLabelWarnings {
    private static final Map<String, String> OLD = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead");

    private NodeLabelWarnings() {}

    static List<String> pod(PodSpec spec, String path) {
        List<String> found = new ArrayList<>(selector(spec.getNodeSelectorMap(), path + ".nodeSelector"));
        NodeAffinity nodes = spec.getAffinity().getNodeAffinity();
        String at = path + ".affinity.nodeAffinity.";
        String required = at + "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
        List<NodeSelectorTerm> terms =
                nodes.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTermsList();
        for (int i = 0; i < terms.size(); i++) {
            found.addAll(term(terms.get(i), false, required + "[" + i + "]"));
        }
        for (int i = 0; i < nodes.getPreferredDuringSchedulingIgnoredDuringExecutionCount(); i++) {
            found.addAll(term(
                    nodes.getPreferredDuringSchedulingIgnoredDuringExecution(i).getPreference(),
                    false,
                    at + "preferredDuringSchedulingIgnoredDuringExecution[" + i + "].preference"));
        }
        return found;
    }

    static List<String> selector(Map<String, String> labels, String path) {
        List<String> found = new ArrayList<>();
        new TreeMap<>(labels)
                .keySet().stream()
                        .filter(OLD::containsKey)
                        .forEach(key -> found.add(path + "[" + key + "]: " + OLD.get(key)));
        return found;
    }

    /** Old labels of a whole map, without the key in the path. */
    static List<String> names(Map<String, String> labels, String path) {
        return new TreeMap<>(labels)
                .keySet().stream()
                        .filter(OLD::containsKey)
                        .map(key -> path + ": " + OLD.get(key))
                        .toList();
    }

    static List<String> topologies(List<TopologySelectorTerm> terms) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            for (int j = 0; j < terms.get(i).getMatchLabelExpressionsCount(); j++) {
                String since = OLD.get(terms.get(i).getMatchLabelExpressions(j).getKey());
                if (since != null) {
                    found.add("allowedTopologies[" + i + "].matchLabelExpressions[" + j + "].key: " + since);
                }
            }
        }
        return found;
    }

    /** A label that must not be used any more, named as a value of a field. */
    static List<String> key(String key, String path) {
        return OLD.containsKey(key) ? List.of(path + ": " + key + " is " + OLD.get(key)) : List.of();
    }

    static List<String> term(NodeSelectorTerm term, boolean values, String path) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < term.getMatchExpressionsCount(); i++) {
            String at = path + ".matchExpressions[" + i + "]";
            found.addAll(key(term.getMatchExpressions(i).getKey(), at + ".key"));
            for (int j = 0; values && j < term.getMatchExpressions(i).getValuesCount(); j++) {
                String value = term.getMatchExpressions(i).getValues(j);
                String where = at + ".values[" + j + "]: ";
                Names.labelValue(value).forEach(problem -> found.add(where + value + " is invalid, " + problem));
            }
        }
        return found;
    }
}
