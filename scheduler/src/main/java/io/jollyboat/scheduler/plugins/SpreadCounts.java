package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many pods each of a pod's spread rules finds in each domain. */
final class SpreadCounts {
    private final List<SpreadRule> rules;
    private final List<Map<String, Long>> byDomain = new ArrayList<>();

    /** Nodes that lack the label of any rule count for none. */
    SpreadCounts(List<SpreadRule> rules, PodInfo pod, Iterable<? extends NodeView> nodes) {
        this.rules = rules;
        rules.forEach(rule -> byDomain.add(new HashMap<>()));
        for (NodeView node : nodes) {
            if (hasAllDomains(rules, node)) {
                for (int i = 0; i < rules.size(); i++) {
                    SpreadRule rule = rules.get(i);
                    if (rule.counts(pod, node)) {
                        byDomain.get(i).merge(rule.domain(node), rule.matching(pod, node), Long::sum);
                    }
                }
            }
        }
    }

    static boolean hasAllDomains(List<SpreadRule> rules, NodeView node) {
        return rules.stream().allMatch(rule -> rule.domain(node) != null);
    }

    List<SpreadRule> rules() {
        return rules;
    }

    /** What the i-th rule finds in a domain. */
    long at(int i, String domain) {
        return byDomain.get(i).getOrDefault(domain, 0L);
    }

    /** What the i-th rule finds in the emptiest domain. */
    long least(int i) {
        Map<String, Long> domains = byDomain.get(i);
        return domains.size() < rules.get(i).minDomains() || domains.isEmpty() ? 0 : Collections.min(domains.values());
    }
}
