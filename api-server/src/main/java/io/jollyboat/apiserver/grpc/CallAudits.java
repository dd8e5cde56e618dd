package io.jollyboat.apiserver.grpc;

import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.apiserver.audit.AuditLog;
import io.jollyboat.apiserver.audit.RequestAudit;
import io.jollyboat.apiserver.audit.RequestFacts;
import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Begins the log's entries of calls. A call is shown with the URI that it would have at the REST door. */
final class CallAudits {
    private final AuditLog log;
    private final ObjectAccess access;
    private final Runtime runtime;

    CallAudits(Optional<AuditLog> log, ObjectAccess access, Runtime runtime) {
        this.log = log.orElse(null);
        this.access = access;
        this.runtime = runtime;
    }

    /** @throws ApiException 401, which is logged, where nobody knows who calls */
    CallAudit begin(String verb, ObjectRef ref, String labels, String fields) {
        if (log == null) {
            return CallAudit.NONE;
        }
        try {
            Authenticated caller = access.authenticated();
            RequestAudit audit = begin(caller.user(), verb, ref, labels, fields);
            if (audit == null) {
                return CallAudit.NONE;
            }
            caller.notes().forEach(audit::add);
            audit.received();
            return new CallAudit(audit);
        } catch (ApiException e) {
            RequestAudit audit = begin(new UserInfo("", List.of()), verb, ref, labels, fields);
            if (audit != null) {
                audit.unauthenticated(attempted());
            }
            throw e;
        }
    }

    private RequestAudit begin(UserInfo user, String verb, ObjectRef ref, String labels, String fields) {
        CallOrigin origin = CallerInterceptor.ORIGIN.get();
        UUID id = new UUID(runtime.random().nextLong(), runtime.random().nextLong());
        RequestFacts facts = new RequestFacts(
                id.toString(),
                uri(verb, ref, labels, fields),
                origin.agent(),
                origin.address().isEmpty() ? List.of() : List.of(origin.address()),
                verb.equals("watch"));
        return log.begin(ObjectAccess.attributes(user, verb, ref, labels, fields), facts);
    }

    private static String uri(String verb, ObjectRef ref, String labels, String fields) {
        StringBuilder uri = new StringBuilder(ref.getGroup().isEmpty() ? "/api/" : "/apis/" + ref.getGroup() + "/");
        uri.append(ref.getVersion());
        if (!ref.getNamespace().isEmpty()) {
            uri.append("/namespaces/").append(ref.getNamespace());
        }
        uri.append('/').append(ref.getResource());
        if (!ref.getName().isEmpty()) {
            uri.append('/').append(ref.getName());
        }
        if (!ref.getSubresource().isEmpty()) {
            uri.append('/').append(ref.getSubresource());
        }
        List<String> query = new ArrayList<>();
        if (!fields.isEmpty()) {
            query.add("fieldSelector=" + URLEncoder.encode(fields, StandardCharsets.UTF_8));
        }
        if (!labels.isEmpty()) {
            query.add("labelSelector=" + URLEncoder.encode(labels, StandardCharsets.UTF_8));
        }
        if (verb.equals("watch")) {
            query.add("watch=true");
        }
        return query.isEmpty() ? uri.toString() : uri + "?" + String.join("&", query);
    }

    private static String attempted() {
        Credentials credentials = CallerInterceptor.CREDENTIALS.get();
        if (credentials.bearerToken() != null) {
            return "Authentication failed, attempted: bearer";
        }
        return credentials.chain().isEmpty()
                ? "Authentication failed, no credentials provided"
                : "Authentication failed, attempted: x509";
    }
}
