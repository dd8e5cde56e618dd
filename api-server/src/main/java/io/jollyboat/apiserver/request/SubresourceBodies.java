package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;

/** What object a body stands for, given the subresource it was sent to. */
final class SubresourceBodies {
    private SubresourceBodies() {}

    /** @param old what there is; null where an object is created */
    static Message object(Target target, Message body, Message old) {
        return switch (target.subresource()) {
            case "", "status" -> body;
            case "finalize" -> {
                Namespace.Builder builder = ((Namespace) body).toBuilder().clearStatus();
                Namespace present = (Namespace) old;
                yield present.hasStatus()
                        ? builder.setStatus(present.getStatus()).build()
                        : builder.build();
            }
            case "approval" -> {
                CertificateSigningRequest wanted = (CertificateSigningRequest) body;
                CertificateSigningRequest present = (CertificateSigningRequest) old;
                yield wanted.toBuilder()
                        .setSpec(present.getSpec())
                        .setStatus(present.getStatus().toBuilder()
                                .clearConditions()
                                .addAllConditions(wanted.getStatus().getConditionsList()))
                        .build();
            }
            case "ephemeralcontainers" -> PodSubresources.ephemeralContainers((Pod) body, (Pod) old);
            case "resize" -> PodSubresources.resize((Pod) body, (Pod) old);
            default -> throw Failures.notImplemented(target.type().plural() + "/" + target.subresource());
        };
    }
}
