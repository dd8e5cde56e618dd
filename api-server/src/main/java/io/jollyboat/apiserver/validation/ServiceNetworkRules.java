package io.jollyboat.apiserver.validation;

import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.api.networking.v1.ParentReference;
import io.jollyboat.api.networking.v1.ServiceCIDR;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of the ranges of Service addresses, and of the addresses taken from them. */
final class ServiceNetworkRules {
    private ServiceNetworkRules() {}

    static void address(Errors errors, IPAddress address) {
        MetaRules.check(errors, address.getMetadata(), false, "metadata", ServiceNetworkRules::addressName);
        if (!address.getSpec().hasParentRef()) {
            errors.required("spec.parentRef");
            return;
        }
        ParentReference parent = address.getSpec().getParentRef();
        if (!parent.getGroup().isEmpty()) {
            errors.invalid("spec.parentRef.group", parent.getGroup(), Names.dns1123Subdomain(parent.getGroup()));
        }
        if (errors.present("spec.parentRef.resource", parent.getResource())) {
            errors.invalid("spec.parentRef.resource", parent.getResource(), Names.pathSegment(parent.getResource()));
        }
        if (errors.present("spec.parentRef.name", parent.getName())) {
            errors.invalid("spec.parentRef.name", parent.getName(), Names.pathSegment(parent.getName()));
        }
        errors.invalid("spec.parentRef.namespace", parent.getNamespace(), Names.pathSegment(parent.getNamespace()));
    }

    private static List<String> addressName(String name) {
        Errors found = new Errors();
        if (Addresses.ip(found, name, "") && !Addresses.canonical(name).equals(name)) {
            return List.of("must be in canonical form (\"" + Addresses.canonical(name) + "\")");
        }
        return found.count() == 0
                ? List.of()
                : List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    static void addressUpdate(Errors errors, IPAddress address, IPAddress old) {
        MetaRules.checkUpdate(errors, address.getMetadata(), old.getMetadata(), "metadata");
        if (!address.getSpec().hasParentRef()) {
            errors.required("spec.parentRef");
        }
        errors.unchanged(
                "spec.parentRef",
                address.getSpec().hasParentRef(),
                address.getSpec().getParentRef(),
                old.getSpec().hasParentRef(),
                old.getSpec().getParentRef());
    }

    static void range(Errors errors, ServiceCIDR range) {
        MetaRules.check(errors, range.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        cidrs(errors, range.getSpec().getCidrsList());
    }

    private static void cidrs(Errors errors, List<String> cidrs) {
        if (cidrs.isEmpty()) {
            errors.required("spec.cidrs", "at least one CIDR required");
            return;
        }
        if (cidrs.size() > 2) {
            errors.invalid("spec.cidrs", Errors.shown(cidrs), "may only hold up to 2 values");
            return;
        }
        boolean valid = true;
        for (int i = 0; i < cidrs.size(); i++) {
            String at = "spec.cidrs[" + i + "]";
            if (!Addresses.cidr(errors, cidrs.get(i), at)) {
                valid = false;
            } else if (Addresses.hasHostBits(cidrs.get(i))) {
                errors.invalid(at, cidrs.get(i), "must not have bits set beyond the prefix length");
            }
        }
        boolean sameFamily = valid && cidrs.size() == 2 && Addresses.isV6(cidrs.get(0)) == Addresses.isV6(cidrs.get(1));
        if (sameFamily) {
            errors.invalid(
                    "spec.cidrs",
                    Errors.shown(cidrs),
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    static void rangeUpdate(Errors errors, ServiceCIDR range, ServiceCIDR old) {
        MetaRules.checkUpdate(errors, range.getMetadata(), old.getMetadata(), "metadata");
        List<String> now = range.getSpec().getCidrsList();
        List<String> before = old.getSpec().getCidrsList();
        boolean grows = before.size() == 1 && now.size() == 2;
        if (!grows && now.size() != before.size()) {
            errors.invalid("spec.cidrs", Errors.listOrNull(now), "field is immutable");
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            errors.unchanged("spec.cidrs[" + i + "]", now.get(i), before.get(i));
        }
        if (grows) {
            cidrs(errors, now);
        }
    }
}
