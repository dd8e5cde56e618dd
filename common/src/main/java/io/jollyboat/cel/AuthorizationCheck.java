package io.jollyboat.cel;

/** The plug for the {@code authorizer} variable: answers whether the user that it was made for may do something. */
public interface AuthorizationCheck {

    /** A question: a path, or a resource with what was said about it; unused parts are empty. */
    record Question(
            String verb,
            boolean resourceRequest,
            String path,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector) {}

    /** An answer; the error is null where none happened. */
    record Answer(boolean allowed, String reason, String error) {}

    /** Whether the user may. */
    Answer check(Question question);

    /** The same questions for a service account. */
    AuthorizationCheck serviceAccount(String namespace, String name);

    /** The value of the {@code authorizer} variable. */
    default Object authorizer() {
        return new AuthorizerFunctions.Authorizer(this);
    }

    /** The value of {@code authorizer.requestResource}. */
    default Object resource(String group, String resource, String subresource, String namespace, String name) {
        return new AuthorizerFunctions.ResourceCheck(this, group, resource, subresource, namespace, name, "", "");
    }
}
