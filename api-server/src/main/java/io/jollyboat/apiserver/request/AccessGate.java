package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authz.Forbidden;
import io.jollyboat.apiserver.authz.Impersonation;
import io.jollyboat.errors.ApiException;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What every request passes first, at both doors. */
public final class AccessGate {
    /** Probes must get through before the rules are known, and while they cannot be read. */
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");

    private final RequestAuthenticator authenticator;
    private final Authorizer authorizer;
    private final Impersonation impersonation;
    private final AccessMetrics metrics;

    public AccessGate(RequestAuthenticator authenticator, Authorizer authorizer, Metrics metrics, Runtime runtime) {
        this.metrics = new AccessMetrics(metrics, runtime);
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.impersonation = new Impersonation(authorizer);
    }

    /**
     * Who asks; 401 when the credentials do not hold.
     *
     * @param path empty at the gRPC door
     */
    public Authenticated authenticate(Credentials credentials, String path) {
        long begun = metrics.now();
        try {
            Authenticated caller = authenticator.authenticate(credentials, path);
            metrics.known(caller.user().name(), begun);
            return caller;
        } catch (ApiException e) {
            metrics.unknown(begun);
            throw e;
        }
    }

    /**
     * The user whom the headers ask to act as, if he may; else the user himself.
     *
     * @param request made for the user himself
     */
    public Impersonation.Acting actingAs(
            UserInfo user, Iterable<Map.Entry<String, String>> headers, Supplier<RequestAttributes> request) {
        return impersonation.apply(user, headers, request);
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
        long begun = metrics.now();
        Decision decision = authorizer.authorize(attributes);
        metrics.decided(decision, begun);
        boolean allowed = decision.verdict() == Verdict.ALLOW;
        if (!allowed && !decision.error().isEmpty()) {
            audit.add("authorization.k8s.io/reason", "internal error");
            throw ApiException.of(
                    500, "InternalError", "Internal Server Error: \"" + attributes.path() + "\": " + decision.error());
        }
        audit.add("authorization.k8s.io/decision", allowed ? "allow" : "forbid");
        audit.add("authorization.k8s.io/reason", decision.reason());
        if (!allowed) {
            throw Forbidden.of(attributes, decision.reason());
        }
    }

    /** 403, in few words, unless the user may do this, too, with what the request is about. */
    public void authorizeAlso(UserInfo user, RequestInfo info, String verb) {
        if (info.verb().equals(verb)) {
            return;
        }
        Decision decision = authorizer.authorize(attributes(user, info.withVerb(verb), "", ""));
        if (decision.verdict() != Verdict.ALLOW) {
            throw ApiException.forbidden(info.group(), info.resource(), info.name(), decision.reason());
        }
    }

    /** Selectors count where they narrow what is asked for. */
    public static RequestAttributes attributes(UserInfo user, RequestInfo info, String labels, String fields) {
        boolean selecting = switch (info.verb()) {
            case "list", "watch", "deletecollection" -> info.resourceRequest();
            default -> false;
        };
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
                selecting ? labels : "",
                selecting ? fields : "");
    }
}
