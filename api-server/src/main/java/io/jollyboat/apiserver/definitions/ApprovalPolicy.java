package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Groups of the Kubernetes community are to be used with an approval only: an annotation says where it is. Pure. */
final class ApprovalPolicy {
    private static final String TYPE = "KubernetesAPIApprovalPolicyConformant";
    private static final String ANNOTATION = "api-approved.kubernetes.io";

    private ApprovalPolicy() {}

    /** Empty for groups that need none. */
    static Optional<CustomResourceDefinitionCondition> condition(CustomResourceDefinition definition) {
        String group = definition.getSpec().getGroup();
        boolean community = group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
        return community
                ? Optional.of(of(definition.getMetadata().getAnnotationsMap().getOrDefault(ANNOTATION, "")))
                : Optional.empty();
    }

    private static CustomResourceDefinitionCondition of(String annotation) {
        if (annotation.isEmpty()) {
            return DefinitionNames.condition(
                    TYPE,
                    "False",
                    "MissingAnnotation",
                    "protected groups must have approval annotation \"" + ANNOTATION
                            + "\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
        if (annotation.startsWith("unapproved")) {
            return DefinitionNames.condition(
                    TYPE, "False", "UnapprovedAnnotation", "not approved: \"" + annotation + "\"");
        }
        return isUrl(annotation)
                ? DefinitionNames.condition(TYPE, "True", "ApprovedAnnotation", "approved in " + annotation)
                : DefinitionNames.condition(
                        TYPE,
                        "False",
                        "InvalidAnnotation",
                        "protected groups must have approval annotation \"" + ANNOTATION
                                + "\" with either a URL or a reason starting with \"unapproved\", see"
                                + " https://github.com/kubernetes/enhancements/pull/1111");
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
