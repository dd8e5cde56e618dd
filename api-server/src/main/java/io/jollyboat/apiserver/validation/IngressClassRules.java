package io.jollyboat.apiserver.validation;

import io.jollyboat.api.networking.v1.IngressClass;
import io.jollyboat.api.networking.v1.IngressClassParametersReference;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of ingress classes. */
final class IngressClassRules {
    private static final int CONTROLLER_LIMIT = 250;

    private IngressClassRules() {}

    static void create(Errors errors, IngressClass kind) {
        MetaRules.check(errors, kind.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        if (kind.getSpec().getController().length() > CONTROLLER_LIMIT) {
            errors.tooLong("spec.controller", CONTROLLER_LIMIT);
        }
        Texts.domainPrefixedPath(errors, kind.getSpec().getController(), "spec.controller");
        if (kind.getSpec().hasParameters()) {
            parameters(errors, kind.getSpec().getParameters(), "spec.parameters");
        }
    }

    static void update(Errors errors, IngressClass kind, IngressClass old) {
        MetaRules.checkUpdate(errors, kind.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged(
                "spec.controller", kind.getSpec().getController(), old.getSpec().getController());
        create(errors, kind);
    }

    private static void parameters(Errors errors, IngressClassParametersReference parameters, String path) {
        Texts.objectReference(
                errors,
                parameters.hasAPIGroup() ? parameters.getAPIGroup() : null,
                parameters.getKind(),
                parameters.getName(),
                path);
        if (!parameters.hasScope()) {
            errors.required(path + ".scope");
            return;
        }
        switch (parameters.getScope()) {
            case "Namespace" -> {
                if (parameters.hasNamespace()) {
                    String space = parameters.getNamespace();
                    errors.invalid(path + ".namespace", space, Names.dns1123Label(space));
                } else {
                    errors.required(path + ".namespace", "`parameters.scope` is set to 'Namespace'");
                }
            }
            case "Cluster" -> {
                if (parameters.hasNamespace()) {
                    errors.forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
                }
            }
            default -> errors.notSupported(path + ".scope", parameters.getScope(), List.of("Cluster", "Namespace"));
        }
    }
}
