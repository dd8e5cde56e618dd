package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Judges the match conditions of webhooks. */
@FunctionalInterface
public interface HookConditions {
    /**
     * Whether the webhook is to be asked.
     *
     * @param as the resource that the webhook's rules mean; object and old object are of its version
     * @param object null for a deletion
     * @param old null where there was none
     * @throws ConditionException where a condition cannot be judged and none is false
     */
    boolean match(
            List<MatchCondition> conditions, AdmissionRequest request, ResourceType<?> as, Message object, Message old)
            throws ConditionException;

    /** Why conditions cannot be judged, as upstream words it. */
    final class ConditionException extends Exception {
        private static final long serialVersionUID = 1;

        public ConditionException(String message) {
            super(message, null, false, false);
        }
    }
}
