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
 */
public record Call(
        UserInfo user,
        boolean dryRun,
        Strictness fieldValidation,
        String fieldManager,
        List<String> warnings,
        AuditAnnotations audit) {
    public Call(UserInfo user, boolean dryRun, Strictness fieldValidation, String fieldManager, List<String> warnings) {
        this(user, dryRun, fieldValidation, fieldManager, warnings, AuditAnnotations.NONE);
    }

    public Call(UserInfo user) {
        this(user, false, Strictness.WARN, "", new ArrayList<>());
    }

    /** The same call of a request that may be logged. */
    public Call audited(AuditAnnotations annotations) {
        return annotations.equals(audit)
                ? this
                : new Call(user, dryRun, fieldValidation, fieldManager, warnings, annotations);
    }

    public void warn(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }
}
