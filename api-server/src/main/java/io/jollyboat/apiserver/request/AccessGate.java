package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authz.Forbidden;
import io.jollyboat.apiserver.authz.Impersonation;
import java.util.Map;
import java.util.Set;

/** What every request passes first, at both doors. */
public final class AccessGate {
    /** Probes must get through before the rules are known, and while they cannot be read. */
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");

    private final RequestAuthenticator authenticator;
    private final Authorizer authorizer;
    private final Impersonation impersonation;

    public AccessGate(RequestAuthenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.impersonation = new Impersonation(authorizer);
    }

    /**
     * Who asks; 401 when the credentials do not hold.
     *
     * @param path empty at the gRPC door
     */
    public UserInfo authenticate(Credentials credentials, String path) {
        return authenticator.authenticate(credentials, path);
    }

    /** The user whom the headers ask to act as, if he may; else the user himself. */
    public UserInfo actingAs(UserInfo user, Iterable<Map.Entry<String, String>> headers) {
        return impersonation.apply(user, headers);
    }

    /** 403 unless the user may do it. */
    public void authorize(RequestAttributes attributes) {
        authorize(attributes, AuditAnnotations.NONE);
    }

    /** As {@link #authorize(RequestAttributes)}; the log is told why. */
    public void authorize(RequestAttributes attributes, AuditAnnotations audit) {
        if (!attributes.resourceRequest() && attributes.verb().equals("get") && HEALTH.contains(attributes.path())) {
            return;
        }
        Decision decision = authorizer.authorize(attributes);
        boolean allowed = decision.verdict() == Verdict.ALLOW;
        audit.add("authorization.k8s.io/decision", allowed ? "allow" : "forbid");
        audit.add("authorization.k8s.io/reason", decision.reason());
        if (!allowed) {
            throw Forbidden.of(attributes, decision.reason());
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
}
