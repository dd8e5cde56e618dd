package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rules of nodes. */
final class NodeRules {
    private NodeRules() {}

    static void create(Errors errors, Node node) {
        MetaRules.check(errors, node.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        taints(errors, node.getSpec().getTaintsList(), "metadata.taints");
        resources(errors, node.getStatus().getCapacityMap(), "status.capacity");
        resources(errors, node.getStatus().getAllocatableMap(), "status.allocatable");
        List<String> cidrs = node.getSpec().getPodCIDRsList();
        boolean valid = true;
        for (int i = 0; i < cidrs.size(); i++) {
            valid &= Addresses.cidr(errors, cidrs.get(i), "spec.podCIDRs[" + i + "]");
        }
        boolean pair = cidrs.size() == 2 && Addresses.isV6(cidrs.get(0)) != Addresses.isV6(cidrs.get(1));
        if (valid && cidrs.size() > 1 && !pair) {
            errors.invalid(
                    "spec.podCIDRs", Errors.shown(cidrs), "may specify no more than one CIDR for each IP family");
        }
    }

    private static void taints(Errors errors, List<Taint> taints, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < taints.size(); i++) {
            Taint taint = taints.get(i);
            String at = path + "[" + i + "]";
            errors.invalid(at + ".key", taint.getKey(), Names.qualifiedName(taint.getKey()));
            List<String> problems = Names.labelValue(taint.getValue());
            if (!problems.isEmpty()) {
                errors.invalid(at + ".value", taint.getValue(), String.join(";", problems));
            }
            SchedulingRules.effect(errors, taint.getEffect(), at + ".effect");
            if (!seen.add(taint.getKey() + ":" + taint.getEffect())) {
                errors.duplicate(
                        at, Errors.bare(GoForm.tree(taint) + ": taints must be unique by key and effect pair"));
            }
        }
    }

    private static void resources(Errors errors, Map<String, Quantity> amounts, String path) {
        new TreeMap<>(amounts)
                .forEach((name, amount) -> CommonRules.quantity(errors, name, amount, path + "[" + name + "]"));
    }

    static void update(Errors errors, Node node, Node old) {
        create(errors, node);
        MetaRules.checkUpdate(errors, node.getMetadata(), old.getMetadata(), "metadata");
        resources(errors, node.getStatus().getCapacityMap(), "status.capacity");
        resources(errors, node.getStatus().getAllocatableMap(), "status.allocatable");
        Set<NodeAddress> addresses = new HashSet<>();
        for (int i = 0; i < node.getStatus().getAddressesCount(); i++) {
            NodeAddress address = node.getStatus().getAddresses(i);
            if (!addresses.add(address)) {
                errors.duplicate("status.addresses[" + i + "]", Errors.shown(address));
            }
        }
        List<String> before = old.getSpec().getPodCIDRsList();
        if (!before.isEmpty() && !before.equals(node.getSpec().getPodCIDRsList())) {
            errors.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
        String provider = old.getSpec().getProviderID();
        if (!provider.isEmpty() && !provider.equals(node.getSpec().getProviderID())) {
            errors.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
        taints(errors, node.getSpec().getTaintsList(), "metadata.taints");
    }
}
