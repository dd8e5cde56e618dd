package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of API services. */
final class ApiServiceRules {
    private ApiServiceRules() {}

    static void check(Errors errors, APIService service) {
        APIServiceSpec spec = service.getSpec();
        String name = spec.getVersion() + "." + spec.getGroup();
        MetaRules.check(errors, service.getMetadata(), false, "metadata", given -> name(given, name));
        if (spec.getGroup().isEmpty()) {
            if (!spec.getVersion().equals("v1")) {
                errors.required("spec.group", "only v1 may have an empty group and it better be legacy kube");
            }
        } else {
            errors.invalid("spec.group", spec.getGroup(), Names.dns1123Subdomain(spec.getGroup()));
        }
        errors.invalid("spec.version", spec.getVersion(), Names.dns1035Label(spec.getVersion()));
        upTo(errors, spec.getGroupPriorityMinimum(), 20_000, "spec.groupPriorityMinimum");
        upTo(errors, spec.getVersionPriority(), 1_000, "spec.versionPriority");
        if (spec.hasService()) {
            remote(errors, spec);
        } else {
            local(errors, spec);
        }
    }

    private static List<String> name(String given, String wanted) {
        List<String> problems = Names.pathSegment(given);
        return problems.isEmpty() && !given.equals(wanted)
                ? List.of("must be `spec.version+\".\"+spec.group`: \"" + wanted + "\"")
                : problems;
    }

    private static void upTo(Errors errors, int value, int limit, String path) {
        if (value <= 0 || value > limit) {
            errors.invalid(path, value, "must be positive and less than " + limit);
        }
    }

    private static void local(Errors errors, APIServiceSpec spec) {
        if (!spec.getCaBundle().isEmpty()) {
            errors.invalid(
                    "spec.caBundle", spec.getCaBundle().size() + " bytes", "local APIServices may not have a caBundle");
        }
        if (spec.getInsecureSkipTLSVerify()) {
            errors.invalid("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void remote(Errors errors, APIServiceSpec spec) {
        errors.present("spec.service.namespace", spec.getService().getNamespace());
        errors.present("spec.service.name", spec.getService().getName());
        int port = spec.getService().getPort();
        List<String> problems = Names.portNumber(port);
        if (!problems.isEmpty()) {
            errors.invalid("spec.service.port", port, "port is not valid: " + String.join(", ", problems));
        }
        if (spec.getInsecureSkipTLSVerify() && !spec.getCaBundle().isEmpty()) {
            errors.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
        }
    }

    static void statusUpdate(Errors errors, APIService service, APIService old) {
        MetaRules.checkUpdate(errors, service.getMetadata(), old.getMetadata(), "metadata");
        for (int i = 0; i < service.getStatus().getConditionsCount(); i++) {
            errors.oneOf(
                    "status.conditions[" + i + "].status",
                    service.getStatus().getConditions(i).getStatus(),
                    "True",
                    "False",
                    "Unknown");
        }
    }
}
