package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/**
 * A write that asks to be admitted, or a connection.
 *
 * @param name empty while a name is still to be generated
 * @param old the stored object of an update or delete, else null
 * @param warnings where a plugin adds what the client should be told
 * @param audit where a plugin adds what the audit log should tell
 * @param body what kind the object is of, where it is not the type's own: of a subresource's body; else null
 * @param options a CreateOptions, UpdateOptions or DeleteOptions; null for a connection
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
        AuditAnnotations audit,
        ObjectKind body,
        Message options,
        AdmissionContext context) {
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

    public AdmissionRequest(
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
        this(
                operation,
                user,
                type,
                namespace,
                name,
                subresource,
                old,
                dryRun,
                warnings,
                audit,
                null,
                null,
                new AdmissionContext());
    }

    /** What is to be done. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE,
        CONNECT
    }

    /** Whether it is about the object itself, of the given resource such as {@code pods} or {@code jobs.batch}. */
    public boolean isAbout(String qualifiedResource) {
        return subresource.isEmpty() && type.qualifiedResource().equals(qualifiedResource);
    }

    /** The kind of the object that is admitted. */
    public ObjectKind kind() {
        return body == null ? ObjectKind.of(type) : body;
    }

    /** The namespace as rules see it: a Namespace stands in itself. */
    public String scope() {
        return type.kind().equals("Namespace") && type.group().isEmpty() ? name : namespace;
    }

    /** The same request once the name is known. */
    public AdmissionRequest named(String generated) {
        return new AdmissionRequest(
                operation,
                user,
                type,
                namespace,
                generated,
                subresource,
                old,
                dryRun,
                warnings,
                audit,
                body,
                options,
                context);
    }
}
