package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.errors.ApiException;

/** Refusals of policies name the object as upstream's admission does. */
final class PolicyRefusal {
    private PolicyRefusal() {}

    static ApiException of(AdmissionRequest request, Message object, String message) {
        String name = request.name();
        if (name.isEmpty() && object != null && request.body() == null) {
            name = request.type().meta(object).getGenerateName();
        }
        return ApiException.forbidden(request.type().group(), request.type().plural(), name, message);
    }
}
