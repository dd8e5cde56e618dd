package io.jollyboat.apiserver.request;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;

/** What every request passes first, at both doors. */
public final class AccessGate {
    private final RequestAuthenticator authenticator;
    private final Authorizer authorizer;

    public AccessGate(RequestAuthenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    /**
     * Who asks; 401 when the credentials do not hold.
     *
     * @param path empty at the gRPC door
     */
    public UserInfo authenticate(Credentials credentials, String path) {
        return authenticator.authenticate(credentials, path);
    }

    /** 403 unless the user may do it. */
    public void authorize(RequestAttributes attributes) {
        Decision decision = authorizer.authorize(attributes);
        if (decision.verdict() != Verdict.ALLOW) {
            throw forbidden(attributes, decision.reason());
        }
    }

    public static RequestAttributes attributes(UserInfo user, RequestInfo info, String labels, String fields) {
        return new RequestAttributes(
                user,
                info.verb(),
                info.resourceRequest(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name(),
                info.path(),
                labels,
                fields);
    }

    private static ApiException forbidden(RequestAttributes a, String reason) {
        String user = "User \"" + a.user().name() + "\" cannot " + a.verb();
        String because = reason.isEmpty() ? "" : ": " + reason;
        if (!a.resourceRequest()) {
            return new ApiException(Status.newBuilder()
                    .setStatus("Failure")
                    .setMessage("forbidden: " + user + " path \"" + a.path() + "\"" + because)
                    .setReason("Forbidden")
                    .setDetails(StatusDetails.getDefaultInstance())
                    .setCode(403)
                    .build());
        }
        String resource = a.subresource().isEmpty() ? a.resource() : a.resource() + "/" + a.subresource();
        String where =
                a.namespace().isEmpty() ? " at the cluster scope" : " in the namespace \"" + a.namespace() + "\"";
        return ApiException.forbidden(
                a.apiGroup(),
                a.resource(),
                a.name(),
                user + " resource \"" + resource + "\" in API group \"" + a.apiGroup() + "\"" + where + because);
    }
}
