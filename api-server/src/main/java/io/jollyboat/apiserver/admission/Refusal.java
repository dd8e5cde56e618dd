package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.errors.ApiException;

/** Words a plugin's 403 as upstream does: with the name as far as it is known. */
public record Refusal(AdmissionRequest request, Message object) {
    public ApiException because(String reason) {
        return ApiException.forbidden(request.type().group(), request.type().plural(), name(), reason);
    }

    private String name() {
        if (!request.name().isEmpty()) {
            return request.name();
        }
        boolean sameKind = object != null
                && object.getDescriptorForType()
                        .equals(request.type().prototype().getDescriptorForType());
        ObjectMeta meta = sameKind ? request.type().meta(object) : ObjectMeta.getDefaultInstance();
        if (!meta.getName().isEmpty()) {
            return meta.getName();
        }
        return meta.getGenerateName().isEmpty() ? "Unknown" : meta.getGenerateName();
    }
}
