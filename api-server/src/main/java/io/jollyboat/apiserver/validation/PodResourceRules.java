package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodResourceClaim;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules of what a pod as a whole asks for: resources of its own, and claims to devices. */
final class PodResourceRules {
    private static final Set<String> POD_RESOURCES = Set.of("cpu", "memory");

    private PodResourceRules() {}

    /** The names of the pod's claims. */
    static Set<String> claims(Errors errors, PodSpec spec, String path) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < spec.getResourceClaimsCount(); i++) {
            PodResourceClaim claim = spec.getResourceClaims(i);
            String at = path + "[" + i + "]";
            String name = claim.getName();
            if (errors.present(at + ".name", name)) {
                if (names.contains(name)) {
                    errors.duplicate(at + ".name", name);
                } else {
                    errors.invalid(at + ".name", name, Names.dns1123Label(name));
                    names.add(name);
                }
            }
            boolean claimed = claim.hasResourceClaimName();
            boolean templated = claim.hasResourceClaimTemplateName();
            if (claimed && templated) {
                errors.invalid(
                        at,
                        Errors.shown(claim),
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            } else if (!claimed && !templated) {
                errors.invalid(
                        at,
                        Errors.shown(claim),
                        "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            if (claimed) {
                String other = claim.getResourceClaimName();
                errors.invalid(at + ".resourceClaimName", other, Names.dns1123Subdomain(other));
            }
            if (templated) {
                String other = claim.getResourceClaimTemplateName();
                errors.invalid(at + ".resourceClaimTemplateName", other, Names.dns1123Subdomain(other));
            }
        }
        return names;
    }

    static void containerClaims(Errors errors, ResourceRequirements resources, Set<String> known, String path) {
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < resources.getClaimsCount(); i++) {
            String name = resources.getClaims(i).getName();
            String at = path + "[" + i + "]";
            if (name.isEmpty()) {
                errors.required(at);
                continue;
            }
            if (!seen.add(name + "/" + resources.getClaims(i).getRequest())) {
                errors.duplicate(at, name);
            }
            if (!known.contains(name)) {
                errors.notFound(
                        at,
                        name,
                        known.isEmpty()
                                ? "must be one of the names in pod.spec.resourceClaims which is empty"
                                : "must be one of the names in pod.spec.resourceClaims: " + String.join(", ", known));
            }
        }
    }

    /** A pod's own limits hold for its containers together. */
    static void check(Errors errors, PodSpec spec, String path) {
        ResourceRequirements resources = spec.getResources();
        Map<String, Quantity> limits = new TreeMap<>(resources.getLimitsMap());
        Map<String, Quantity> requests = new TreeMap<>(resources.getRequestsMap());
        limits.forEach((name, amount) -> amount(errors, name, amount, path + ".limits[" + name + "]"));
        requests.forEach((name, amount) -> {
            amount(errors, name, amount, path + ".requests[" + name + "]");
            Quantity limit = limits.get(name);
            if (limit != null && Quantities.compare(amount, limit) > 0) {
                errors.invalid(
                        path + ".requests",
                        amount.getString(),
                        "must be less than or equal to " + name + " limit of " + limit.getString());
            }
        });
        for (Map.Entry<String, Quantity> request : requests.entrySet()) {
            Quantity sum = Quantities.zero();
            for (Container container : spec.getContainersList()) {
                sum = Quantities.add(
                        sum, container.getResources().getRequestsOrDefault(request.getKey(), Quantities.zero()));
            }
            if (Quantities.compare(sum, request.getValue()) > 0) {
                errors.invalid(
                        path + ".requests[" + request.getKey() + "]",
                        request.getValue().getString(),
                        "must be greater than or equal to aggregate container requests of " + sum.getString());
            }
        }
        containers(errors, spec.getContainersList(), limits, path + ".containers");
        containers(errors, spec.getInitContainersList(), limits, path + ".initContainers");
    }

    private static void amount(Errors errors, String name, Quantity amount, String path) {
        if (!POD_RESOURCES.contains(name) && !name.startsWith("hugepages-")) {
            errors.notSupported(path, name, POD_RESOURCES.stream().sorted().toList());
        }
        CommonRules.quantity(errors, name, amount, path);
    }

    private static void containers(
            Errors errors, List<Container> containers, Map<String, Quantity> limits, String path) {
        for (int i = 0; i < containers.size(); i++) {
            Map<String, Quantity> own = containers.get(i).getResources().getLimitsMap();
            String at = path + "[" + i + "]";
            limits.forEach((name, limit) -> {
                Quantity amount = own.get(name);
                if (amount != null && Quantities.compare(amount, limit) > 0) {
                    errors.invalid(
                            at + "[" + name + "].limits",
                            amount.getString(),
                            "must be less than or equal to pod limits of " + limit.getString());
                }
            });
        }
    }
}
