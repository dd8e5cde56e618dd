package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;

/** What went wrong with the mutating policies of one request. Used by one thread. */
final class PolicyErrors {
    private final List<String> messages = new ArrayList<>();
    private boolean firstIsInvalid;

    /**
     * @param binding null where the policy itself is at fault
     * @param invalid whether the policy could be asked but had no answer
     */
    void add(CompiledMutations policy, String binding, String message, boolean invalid) {
        if (policy.ignoresFailures()) {
            return;
        }
        if (messages.isEmpty()) {
            firstIsInvalid = invalid;
        }
        String who = binding == null
                ? "policy \"" + policy.name() + "\""
                : "policy '" + policy.name() + "' with binding '" + binding + "'";
        messages.add(who + " denied request: " + message);
    }

    /** Throws upstream's refusal, where anything went wrong: code 403 whatever the reason. */
    void refuse(AdmissionRequest request, Message object) {
        if (messages.isEmpty()) {
            return;
        }
        Status base = PolicyRefusal.of(request, object, "").status();
        StatusDetails.Builder details = base.getDetails().toBuilder();
        messages.forEach(message ->
                details.addCauses(StatusCause.newBuilder().setMessage(message).build()));
        throw new ApiException(base.toBuilder()
                .setMessage(messages.getFirst())
                .setReason(firstIsInvalid ? "Invalid" : "Forbidden")
                .setDetails(details)
                .build());
    }
}
