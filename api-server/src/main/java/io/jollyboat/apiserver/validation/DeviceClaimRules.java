package io.jollyboat.apiserver.validation;

import io.jollyboat.api.resource.v1.DeviceClaim;
import io.jollyboat.api.resource.v1.DeviceConstraint;
import io.jollyboat.api.resource.v1.DeviceRequest;
import io.jollyboat.api.resource.v1.DeviceSubRequest;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.api.resource.v1.ResourceClaimTemplate;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of claims to devices, and of their templates. */
final class DeviceClaimRules {
    private static final int MOST_ITEMS = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final String NO_REQUEST =
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    private static final String ONE_OF = "exactly one of `exactly` or `firstAvailable` is required";

    private DeviceClaimRules() {}

    static void claim(Errors errors, ResourceClaim claim) {
        MetaRules.check(errors, claim.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        devices(errors, claim.getSpec().getDevices(), "spec.devices");
    }

    static void claimUpdate(Errors errors, ResourceClaim claim, ResourceClaim old) {
        MetaRules.check(errors, claim.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        MetaRules.checkUpdate(errors, claim.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged("spec", claim.getSpec(), old.getSpec());
    }

    static void template(Errors errors, ResourceClaimTemplate template) {
        MetaRules.check(errors, template.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        MetaRules.labels(errors, template.getSpec().getMetadata().getLabelsMap(), "spec.metadata.labels");
        MetaRules.annotations(
                errors, template.getSpec().getMetadata().getAnnotationsMap(), "spec.metadata.annotations");
        devices(errors, template.getSpec().getSpec().getDevices(), "spec.spec.devices");
    }

    static void templateUpdate(Errors errors, ResourceClaimTemplate template, ResourceClaimTemplate old) {
        MetaRules.checkUpdate(errors, template.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged("spec", template.getSpec(), old.getSpec());
    }

    private static void devices(Errors errors, DeviceClaim claim, String path) {
        Set<String> names = names(claim);
        if (fits(errors, claim.getRequestsCount(), MOST_ITEMS, path + ".requests")) {
            for (int i = 0; i < claim.getRequestsCount(); i++) {
                request(errors, claim.getRequests(i), path + ".requests[" + i + "]");
            }
            unique(
                    errors,
                    claim.getRequestsList().stream().map(DeviceRequest::getName).toList(),
                    path + ".requests");
        }
        if (fits(errors, claim.getConstraintsCount(), MOST_ITEMS, path + ".constraints")) {
            for (int i = 0; i < claim.getConstraintsCount(); i++) {
                constraint(errors, claim.getConstraints(i), names, path + ".constraints[" + i + "]");
            }
        }
        if (fits(errors, claim.getConfigCount(), MOST_ITEMS, path + ".config")) {
            for (int i = 0; i < claim.getConfigCount(); i++) {
                String at = path + ".config[" + i + "]";
                references(errors, claim.getConfig(i).getRequestsList(), names, at + ".requests");
                DeviceRules.configuration(errors, claim.getConfig(i).getDeviceConfiguration(), at);
            }
        }
    }

    static boolean fits(Errors errors, int count, int limit, String path) {
        if (count > limit) {
            errors.tooMany(path, count, limit);
        }
        return count <= limit;
    }

    static void unique(Errors errors, List<String> names, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                errors.duplicate(path + "[" + i + "]", names.get(i));
            }
        }
    }

    static Set<String> names(DeviceClaim claim) {
        Set<String> names = new HashSet<>();
        for (DeviceRequest request : claim.getRequestsList()) {
            names.add(request.getName());
            for (DeviceSubRequest alternative : request.getFirstAvailableList()) {
                names.add(request.getName() + "/" + alternative.getName());
            }
        }
        return names;
    }

    private static void request(Errors errors, DeviceRequest request, String path) {
        errors.invalid(path + ".name", request.getName(), Names.dns1123Label(request.getName()));
        boolean choice = request.getFirstAvailableCount() > 0;
        if (!choice && !request.hasExactly()) {
            errors.required(path, ONE_OF);
        } else if (choice && request.hasExactly()) {
            errors.invalid(path, Errors.bare("null"), ONE_OF + ", but multiple fields are set");
        } else if (choice) {
            String at = path + ".firstAvailable";
            if (fits(errors, request.getFirstAvailableCount(), MOST_ALTERNATIVES, at)) {
                for (int i = 0; i < request.getFirstAvailableCount(); i++) {
                    alternative(errors, request.getFirstAvailable(i), at + "[" + i + "]");
                }
                unique(
                        errors,
                        request.getFirstAvailableList().stream()
                                .map(DeviceSubRequest::getName)
                                .toList(),
                        at);
            }
        } else {
            String at = path + ".exactly";
            deviceClass(errors, request.getExactly().getDeviceClassName(), at + ".deviceClassName");
            DeviceRules.selectors(errors, request.getExactly().getSelectorsList(), at + ".selectors");
            amount(
                    errors,
                    request.getExactly().getAllocationMode(),
                    request.getExactly().getCount(),
                    at);
        }
    }

    private static void alternative(Errors errors, DeviceSubRequest request, String path) {
        errors.invalid(path + ".name", request.getName(), Names.dns1123Label(request.getName()));
        deviceClass(errors, request.getDeviceClassName(), path + ".deviceClassName");
        DeviceRules.selectors(errors, request.getSelectorsList(), path + ".selectors");
        amount(errors, request.getAllocationMode(), request.getCount(), path);
    }

    private static void deviceClass(Errors errors, String name, String path) {
        if (errors.present(path, name)) {
            errors.invalid(path, name, Names.dns1123Subdomain(name));
        }
    }

    private static void amount(Errors errors, String mode, long count, String path) {
        switch (mode) {
            case "All" -> {
                if (count != 0) {
                    errors.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'");
                }
            }
            case "ExactCount" -> {
                if (count <= 0) {
                    errors.invalid(path + ".count", count, "must be greater than zero");
                }
            }
            default -> errors.notSupported(path + ".allocationMode", mode, List.of("All", "ExactCount"));
        }
    }

    static void references(Errors errors, List<String> references, Set<String> names, String path) {
        if (!fits(errors, references.size(), MOST_ITEMS, path)) {
            return;
        }
        for (int i = 0; i < references.size(); i++) {
            reference(errors, references.get(i), names, path + "[" + i + "]");
        }
        unique(errors, references, path);
    }

    /** The name of a request, or of one of its alternatives. */
    static void reference(Errors errors, String reference, Set<String> names, String path) {
        String[] segments = reference.split("/", -1);
        for (String segment : segments.length > 2 ? new String[0] : segments) {
            errors.invalid(path, segment, Names.dns1123Label(segment));
        }
        if (segments.length > 2 || !names.contains(reference)) {
            errors.invalid(path, reference, NO_REQUEST);
        }
    }

    private static void constraint(Errors errors, DeviceConstraint constraint, Set<String> names, String path) {
        references(errors, constraint.getRequestsList(), names, path + ".requests");
        if (constraint.hasMatchAttribute()) {
            attribute(errors, constraint.getMatchAttribute(), path + ".matchAttribute");
        } else if (constraint.hasDistinctAttribute()) {
            attribute(errors, constraint.getDistinctAttribute(), path + ".distinctAttribute");
        } else {
            errors.required(
                    path,
                    "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are"
                            + " set");
        }
    }

    private static void attribute(Errors errors, String name, String path) {
        int slash = name.indexOf('/');
        String own = name.substring(slash + 1);
        if (slash == 0) {
            errors.invalid(path, "", "the domain must not be empty");
        } else if (slash > 0) {
            CsiRules.driverName(errors, name.substring(0, slash), path);
        }
        if (slash >= 0 && own.isEmpty()) {
            errors.invalid(path, "", "the name must not be empty");
        } else if (!own.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            errors.invalid(
                    path,
                    own,
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of"
                            + " alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used"
                            + " for validation is '[A-Za-z_][A-Za-z0-9_]*')");
        }
        if (slash < 0) {
            errors.invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
        }
    }
}
