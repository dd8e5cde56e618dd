package io.jollyboat.proxy.nftables;

import io.jollyboat.proxy.nftables.Element.Slot;
import io.jollyboat.proxy.rules.Frontend;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import io.jollyboat.proxy.rules.PortRules;
import io.jollyboat.proxy.rules.ServiceRules;
import io.jollyboat.proxy.rules.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One Service's rules as elements, and the chains they go to.
 *
 * @param elements one for a slot
 * @param chains by name; a chain goes only to earlier ones
 */
record ServiceElements(List<Element> elements, Map<String, List<String>> chains) {
    static ServiceElements of(ServiceRules rules, TableLayout layout) {
        Compiler compiler = new Compiler(layout);
        rules.ports().forEach(compiler::port);
        return new ServiceElements(
                List.copyOf(compiler.elements.values()), Collections.unmodifiableMap(compiler.chains));
    }

    private static final class Compiler {
        private final TableLayout layout;
        private final Map<Slot, Element> elements = new LinkedHashMap<>();
        private final Map<String, List<String>> chains = new LinkedHashMap<>();
        private final Map<Integer, Target> identities = new HashMap<>();

        Compiler(TableLayout layout) {
            this.layout = layout;
        }

        void port(PortRules port) {
            identities.clear();
            for (Frontend frontend : port.frontends()) {
                String key = frontend.ip() + " . " + port.protocol().name().toLowerCase(Locale.ROOT) + " . "
                        + frontend.port();
                frontend(frontend, port, key);
                if (!frontend.sourceRanges().isEmpty()) {
                    restrict(frontend, key);
                }
            }
        }

        private void frontend(Frontend frontend, PortRules port, String key) {
            switch (frontend.action()) {
                case REJECT -> add(NftSet.NO_ENDPOINTS, key, "goto " + TableLayout.REJECT);
                case DROP -> add(NftSet.NO_ENDPOINTS, key, "drop");
                case CLUSTER -> send(key, cluster(port, key));
                case LOCAL -> send(key, local(port, key));
                case EXTERNAL_CLUSTER -> {
                    String pick = cluster(port, key);
                    send(key, chain("masquerade-" + pick, List.of(layout.mark(), "goto " + pick)));
                }
                case EXTERNAL_LOCAL -> externalLocal(port, key);
            }
        }

        private void externalLocal(PortRules port, String key) {
            String pick = port.clusterTargets().isEmpty() ? "" : cluster(port, key);
            String local = port.localTargets().isEmpty() ? "" : local(port, key);
            List<String> rules = new ArrayList<>();
            if (!pick.isEmpty()) {
                rules.add(layout.fromPods() + " goto " + pick);
                rules.add("fib saddr type local " + layout.mark());
                rules.add("fib saddr type local goto " + pick);
            }
            if (local.isEmpty()) {
                add(NftSet.NO_ENDPOINTS, key, "drop");
            } else {
                rules.add("goto " + local);
            }
            String name = "keep-" + (local.isEmpty() ? "none" : local.substring("pick-".length())) + "-else-"
                    + (pick.isEmpty() ? "none" : pick.substring("pick-".length()));
            send(key, chain(name, rules));
        }

        private String cluster(PortRules port, String key) {
            return pick(port, key, port.clusterTargets(), 0);
        }

        private String local(PortRules port, String key) {
            return pick(port, key, port.localTargets(), Picker.LOCAL_OFFSET);
        }

        private String pick(PortRules port, String key, List<Target> targets, int offset) {
            Picker picker = new Picker(port.protocol(), targets.size(), offset, port.affinitySeconds());
            picker.chains().forEach(c -> chain(c.name(), c.rules()));
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                String address = target.ip() + " . " + target.port();
                if (port.affinitySeconds() == 0) {
                    add(NftSet.endpoints(port.protocol()), key + " . " + (offset + i), address);
                } else {
                    String id = Integer.toUnsignedString(identity(target));
                    add(NftSet.STICKY_IDS, key + " . " + (offset + i), id);
                    add(NftSet.STICKY_TARGETS, key + " . " + id, address);
                }
                if (target.local()) {
                    add(NftSet.HAIRPIN, target.ip() + " . " + target.ip(), "");
                }
            }
            return picker.chain();
        }

        /** The same for a target whatever the others are, as long as they have one port or differ in the address. */
        private int identity(Target target) {
            int id = Ipv4Cidr.address(target.ip()) ^ target.port() << 16;
            while (id == 0 || !target.equals(identities.computeIfAbsent(id, k -> target))) {
                id++;
            }
            return id;
        }

        private void restrict(Frontend frontend, String key) {
            add(NftSet.RESTRICTED, key, "");
            boolean fromNode = false;
            for (String range : frontend.sourceRanges()) {
                add(NftSet.ALLOWED, key + " . " + range, "");
                fromNode |= layout.contains(range);
            }
            int address = Ipv4Cidr.address(frontend.ip());
            if (fromNode
                    && frontend.sourceRanges().stream()
                            .noneMatch(r -> Ipv4Cidr.parse(r).contains(address))) {
                // The node's own connection to a balancer's address that it holds has that address as its source.
                add(NftSet.ALLOWED, key + " . " + frontend.ip() + "/32", "");
            }
        }

        private void send(String key, String chain) {
            add(NftSet.SERVICES, key, "goto " + chain);
        }

        private String chain(String name, List<String> rules) {
            chains.putIfAbsent(name, rules);
            return name;
        }

        private void add(NftSet set, String key, String value) {
            Slot slot = new Slot(set, key);
            elements.putIfAbsent(slot, new Element(slot, value));
        }
    }
}
