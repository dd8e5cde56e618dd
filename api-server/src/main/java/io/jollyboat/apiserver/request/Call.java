package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.codec.Strictness;
import java.util.ArrayList;
import java.util.List;

/**
 * Who asks, and how a write is meant. Collects what the answer must warn of; used by one thread.
 *
 * @param fieldManager empty where the client named none
 * @param audit takes notes for the audit log
 * @param tracked who writes becomes the owner of what he changes
 */
public record Call(
        UserInfo user,
        boolean dryRun,
        Strictness fieldValidation,
        String fieldManager,
        List<String> warnings,
        AuditAnnotations audit,
        boolean tracked) {
    public Call(UserInfo user, boolean dryRun, Strictness fieldValidation, String fieldManager, List<String> warnings) {
        this(user, dryRun, fieldValidation, fieldManager, warnings, AuditAnnotations.NONE, true);
    }

    /** A request that changes no object. */
    public Call(UserInfo user) {
        this(user, false, Strictness.WARN, "", new ArrayList<>());
    }

    /** A write of the API server's own. */
    public static Call own(UserInfo server) {
        return new Call(server, false, Strictness.WARN, "kube-apiserver", new ArrayList<>());
    }

    /** The same call of a request that may be logged. */
    public Call audited(AuditAnnotations annotations) {
        return annotations.equals(audit)
                ? this
                : new Call(user, dryRun, fieldValidation, fieldManager, warnings, annotations, tracked);
    }

    /** The same call of a write whose managed fields are as the change leaves them. */
    Call untracked() {
        return new Call(user, dryRun, fieldValidation, fieldManager, warnings, audit, false);
    }

    public void warn(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }
}
