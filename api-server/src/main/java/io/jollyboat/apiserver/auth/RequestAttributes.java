package io.jollyboat.apiserver.auth;

/**
 * What a request wants to do, as upstream's {@code authorizer.Attributes}. Strings are empty where they do not apply.
 *
 * @param verb API verb such as {@code get}, {@code list}, {@code deletecollection}; the lower-case HTTP method of a
 *     non-resource request
 * @param resourceRequest false for paths such as {@code /healthz}
 */
public record RequestAttributes(
        UserInfo user,
        String verb,
        boolean resourceRequest,
        String apiGroup,
        String apiVersion,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path,
        String labelSelector,
        String fieldSelector) {}
