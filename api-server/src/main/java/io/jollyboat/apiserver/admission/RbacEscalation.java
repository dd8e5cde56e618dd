package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.authz.EscalationCheck;

/** Nobody grants what he does not have. */
public final class RbacEscalation implements AdmissionPlugin {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final EscalationCheck check;

    public RbacEscalation(EscalationCheck check) {
        this.check = check;
    }

    @Override
    public String name() {
        return "RBAC";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.DELETE && request.type().group().equals(GROUP)) {
            // Permission to escalate a named role says nothing of a new one of that name.
            String name = request.operation() == Operation.CREATE ? "" : request.name();
            check.check(request.user(), request.namespace(), name, request.old(), object);
        }
    }
}
