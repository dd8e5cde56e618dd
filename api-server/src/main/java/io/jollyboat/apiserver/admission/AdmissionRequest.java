package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/**
 * A write that asks to be admitted.
 *
 * @param name empty while a name is still to be generated
 * @param old the stored object of an update or delete, else null
 * @param warnings where a plugin adds what the client should be told
 * @param audit where a plugin adds what the audit log should tell
 */
public record AdmissionRequest(
        Operation operation,
        UserInfo user,
        ResourceType<?> type,
        String namespace,
        String name,
        String subresource,
        Message old,
        boolean dryRun,
        List<String> warnings,
        AuditAnnotations audit) {
    public AdmissionRequest(
            Operation operation,
            UserInfo user,
            ResourceType<?> type,
            String namespace,
            String name,
            String subresource,
            Message old,
            boolean dryRun,
            List<String> warnings) {
        this(operation, user, type, namespace, name, subresource, old, dryRun, warnings, AuditAnnotations.NONE);
    }

    /** What is to be done. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE
    }

    /** Whether it is about the object itself, of the given resource such as {@code pods} or {@code jobs.batch}. */
    public boolean isAbout(String qualifiedResource) {
        return subresource.isEmpty() && type.qualifiedResource().equals(qualifiedResource);
    }
}
