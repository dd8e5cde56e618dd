package io.jollyboat.apiserver.authz;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.errors.ApiException;

/** The answer to a request that nobody allowed, in upstream's words. */
public final class Forbidden {
    private Forbidden() {}

    /** @param reason of the authorizers, may be empty */
    public static ApiException of(RequestAttributes attributes, String reason) {
        String text = sanitize(message(attributes)) + (reason.isEmpty() ? "" : ": " + reason);
        if (attributes.resourceRequest()) {
            return ApiException.forbidden(attributes.apiGroup(), attributes.resource(), attributes.name(), text);
        }
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("forbidden: " + text)
                .setReason("Forbidden")
                .setDetails(StatusDetails.getDefaultInstance())
                .setCode(403)
                .build());
    }

    private static String message(RequestAttributes attributes) {
        String user = "User " + GoText.quoted(attributes.user().name()) + " cannot " + attributes.verb();
        if (!attributes.resourceRequest()) {
            return user + " path " + GoText.quoted(attributes.path());
        }
        String resource = attributes.subresource().isEmpty()
                ? attributes.resource()
                : attributes.resource() + "/" + attributes.subresource();
        String what =
                user + " resource " + GoText.quoted(resource) + " in API group " + GoText.quoted(attributes.apiGroup());
        return attributes.namespace().isEmpty()
                ? what + " at the cluster scope"
                : what + " in the namespace " + GoText.quoted(attributes.namespace());
    }

    // What a browser might take for markup.
    private static String sanitize(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
