package io.jollyboat.proxy.sync;

import io.jollyboat.proxy.linux.Connections.Flow;
import io.jollyboat.proxy.rules.Frontend;
import io.jollyboat.proxy.rules.PortRules;
import io.jollyboat.proxy.rules.Protocol;
import io.jollyboat.proxy.rules.ServiceRules;
import io.jollyboat.proxy.rules.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which UDP conversations a change of rules leaves with a target that is none any more. */
final class StaleFlows implements Predicate<Flow> {
    /** By {@code ip:port} of the Service, the {@code ip:port} of its targets. */
    private final Map<String, Set<String>> targets = new HashMap<>();

    private boolean possible;

    /** Notes a change of one Service. */
    void add(ServiceRules before, ServiceRules after) {
        Map<String, Set<String>> old = targets(before);
        Map<String, Set<String>> now = targets(after);
        old.forEach((frontend, had) -> {
            Set<String> has = now.getOrDefault(frontend, Set.of());
            possible |= !has.containsAll(had);
            targets.put(frontend, has);
        });
        now.forEach((frontend, has) -> {
            // What was sent while there was no target went nowhere and would go on doing so.
            possible |= !has.isEmpty() && old.getOrDefault(frontend, Set.of()).isEmpty();
            targets.put(frontend, has);
        });
    }

    /** Whether it is worth looking. */
    boolean possible() {
        return possible;
    }

    static boolean usesUdp(ServiceRules rules) {
        return rules.ports().stream().anyMatch(p -> p.protocol() == Protocol.UDP);
    }

    @Override
    public boolean test(Flow flow) {
        Set<String> valid = targets.get(flow.ip() + ":" + flow.port());
        return valid != null && !valid.contains(flow.targetIp() + ":" + flow.targetPort());
    }

    private static Map<String, Set<String>> targets(ServiceRules rules) {
        Map<String, Set<String>> found = new HashMap<>();
        for (PortRules port : rules.ports()) {
            if (port.protocol() != Protocol.UDP) {
                continue;
            }
            Set<String> all = new HashSet<>();
            for (Target target : port.clusterTargets()) {
                all.add(target.ip() + ":" + target.port());
            }
            for (Target target : port.localTargets()) {
                all.add(target.ip() + ":" + target.port());
            }
            for (Frontend frontend : port.frontends()) {
                found.put(frontend.ip() + ":" + frontend.port(), all);
            }
        }
        return found;
    }
}
